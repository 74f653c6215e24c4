package picture

func drawAgreement(s *sheet) {}
