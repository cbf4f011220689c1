package chat

import "encoding/json"

// The usual roles; a template may know others.
const (
	System    = "system"
	User      = "user"
	Assistant = "assistant"
	Tool      = "tool"
)

// Message is one turn, in JSON as chat APIs have it.
type Message struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	Reasoning  string     `json:"reasoning_content,omitempty"` // what an assistant thought before
	ToolCalls  []ToolCall `json:"tool_calls,omitempty"`        // an assistant's
	Name       string     `json:"name,omitempty"`              // of the tool that answers
	ToolCallID string     `json:"tool_call_id,omitempty"`      // which call it answers
}

// ToolCall asks for a function to be called.
type ToolCall struct {
	ID       string   `json:"id,omitempty"`
	Type     string   `json:"type,omitempty"` // "function"
	Function Function `json:"function"`
}

// Function is a function's name with its arguments: a JSON object for most
// templates; some want it within a JSON string.
type Function struct {
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
}
