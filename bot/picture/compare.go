package picture

func drawComparison(s *sheet) {}
