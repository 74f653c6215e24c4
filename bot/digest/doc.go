// Package digest tells channels of changes of alignment: by digests at the hour that a channel chose, and by watches as soon as
// something changes. Each change reaches each channel that subscribed to it once.
//
//	digest weekly mon 09:00 southern cone → Desk → Store                        a subscription, with its place in the ledger
//	the clock, the ledger → Planner → Store.Plan                                a delivery: which entries, for whom
//	Store.Claim → Deliverer: changes of those entries → Notice → Poster.Post    a message, and what is below it
//	Send → Store.Mail                                                           a delivery, of a letter
//
// A change is an entry of the desk's ledger, or what an imported roll call shows. A subscription is told of what comes behind its
// cursor, its place in the ledger; planning moves the cursor and adds the delivery in one transaction, so that of several
// processes one plans it. A delivery is recorded before each try to send it and after each, so that a process that dies leaves at
// most the one that it was at in doubt. What may have arrived is looked for where the platform can be asked; elsewhere a policy
// decides, and it is listed.
//
// A Letter is what a place is told that did not subscribe to it, once by its name: that something it was shown was corrected, that
// something is proposed. It hangs on the Note of its place, and goes the way of all deliveries. It may take the place of a message.
//
// A Teller reads the changes and composes the Notice. It never tells who recorded something, nor who set a subscription up.
//
// It imports knowledge, knowledge/core, knowledge/ledger, knowledge/rollcall, bot, bot/desk for what the program records by
// itself, bot/inbox for its Later, and bot/phrases.
package digest
