// Package web is what a browser and programs ask over HTTP.
//
//	Guard → pages · API → the object of ask (bot/contract), facts of an answer (knowledge/core) · feed → the lines of a reply
//
// A Guard stands before all of it: it decides who may see the pages, keeps off what no reader sends, and lets nobody see who recorded
// something but those who know the token. The API is described in OpenAPI 3.1 at /api/openapi.yaml; whoever adds to it describes it there,
// and a test holds every response to that. The feed says what the chat says, and its times are those of the records.
//
// Pages say what replies say, by the same composer, and beside it what the API tells; a page is kept by its tag, which names all that it
// is made of. They need no script; the one there is adds answers to a conversation without a new page.
//
// It imports knowledge, knowledge/core, knowledge/ledger, knowledge/places, knowledge/rollcall, bot, bot/contract, bot/phrases,
// bot/picture and bot/question, and is the only room that knows huma.
package web
