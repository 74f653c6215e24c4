package picture

func drawCard(s *sheet) {}
