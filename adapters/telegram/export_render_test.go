package telegram

// PressedCommand is what the tests of the rendering read buttons with, as the adapter does.
var PressedCommand = pressedCommand
