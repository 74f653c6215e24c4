package picture

// drawMap fills a sheet with a map of its answer: s.a, in the layout s.layout (Usual, Tiles or Outlines), between s.head and
// s.close(s.footOf(sources…), Height). It sets s.Alt, too.
func drawMap(s *sheet) {}
