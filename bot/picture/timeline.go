package picture

func drawTimeline(s *sheet) {}
