package picture

func drawVotes(s *sheet) {}
