package bot

import "context"

type requestKey struct{}

// WithRequestID returns a context in which a request of a platform is worked, by the id that log lines bear.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id of the request that is worked in a context, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
