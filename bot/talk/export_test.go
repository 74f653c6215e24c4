package talk

// Len returns how many conversations are remembered.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last.len()
}

// Len returns how many people are watched.
func (f *Flood) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.people.len()
}
