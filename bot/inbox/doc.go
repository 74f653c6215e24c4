// Package inbox takes the events of a chat platform: each is recorded durably before the platform is told that it came, worked
// by a bounded pool, also after a crash, and acted on once.
//
//	an event → Receive: keys seen lately → Store.Write, at most Patience → acknowledged
//	                                                   ↓
//	                    queues, each in order → Work → Store.Write: the event goes, its keys stay
//
// One Write is on its way at a time, and begins as soon as an event comes, or a moment later where one has just ended. What comes
// meanwhile is written together by the next, and with it what was worked since; that waits for events, but not longer than Linger.
//
// An event is leased to the process that holds it. Run renews its leases, and claims the events whose lease has ended: those
// of a process that died. Where a store does not answer in time, the event is worked in memory, and recorded as soon as it does.
//
// The queues of one space, a workspace or a chat, share its turn: however many of its events wait, those of another wait for one of them
// at most before each worker. Where as many wait as a space may have, what more of it comes is shed.
//
// What is worked twice: an event whose process died between Work and the Write that tells of it, and one whose store was away
// from one process and not from another. What is lost: events that were taken while the store was away, when the process dies
// before it is back.
// The order of a queue is that of one process: several replicas work events of one queue side by side.
//
// An event bears the id of the request that it came with, also after a crash, and Work has it in its context. Nothing of an event's body and
// keys is logged. The package imports the standard library and bot/request.
package inbox
