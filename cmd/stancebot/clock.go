package main

import "time"

// clock is the running clock of the wire: signatures, schedules, retention and the like go by it. What only takes how long something
// lasted goes by time.Now. Tests of what becomes of a clock that jumps put another in its place.
var clock = time.Now
