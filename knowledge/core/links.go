package core

// Link returns the address of the page that a receipt rests on first: of a claim, a shift and a contradiction the article
// itself. It is "" for a receipt that rests on no page, such as a share of agreement, which is computed.
func (c *Core) Link(id string) string {
	switch {
	case c.records[id] != nil:
		return c.page(id)
	case c.claims[id] != nil, c.shift[id] != nil, c.contradiction[id] != nil:
		return c.article.URL
	case c.factChecks[id] != nil:
		for _, claim := range c.factChecks[id].Claims {
			if url := c.page(c.claims[claim].Check.Sources...); url != "" {
				return url
			}
		}
	case c.events[id] != nil:
		return c.page(c.events[id].Sources...)
	case c.membership[id] != nil:
		return c.page(c.membership[id].Sources...)
	case c.measure[id] != nil:
		return c.page(c.measure[id].Sources...)
	default:
		if call := c.book.Call(id); call != nil {
			return c.page(call.Sources...)
		}
	}
	return ""
}

// page returns the address of the first source that has one.
func (c *Core) page(sources ...string) string {
	for _, id := range sources {
		if s := c.sources[id]; s != nil && s.URL != "" {
			return s.URL
		}
	}
	return ""
}
