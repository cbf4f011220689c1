package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/jinja"
)

// golden is one rendering of golden/templates.
type golden struct {
	Input struct {
		BOS      string          `json:"bos_token"`
		EOS      string          `json:"eos_token"`
		Prompt   bool            `json:"add_generation_prompt"`
		Messages []Message       `json:"messages"`
		Tools    json.RawMessage `json:"tools"`
		Thinking *bool           `json:"enable_thinking"`
	}
	Output *string
	Error  string
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared.Path(t, "golden/templates"), "*.jinja"))
	if err != nil || len(files) == 0 {
		t.Fatal("no templates")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(strings.TrimSuffix(file, "jinja") + "json")
		if err != nil {
			t.Fatal(err)
		}
		var cases map[string]golden
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields() // Message holds all that the messages hold
		if err := d.Decode(&cases); err != nil {
			t.Fatal(file, err)
		}
		for id, c := range cases {
			t.Run(filepath.Base(file)+"/"+id, func(t *testing.T) { c.check(t, string(src)) })
		}
	}
}

func (c golden) check(t *testing.T, src string) {
	tpl, err := New(src, c.Input.BOS, c.Input.EOS)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{AddGenerationPrompt: c.Input.Prompt, Tools: c.Input.Tools, Now: time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC)}
	if c.Input.Thinking != nil {
		o.Extra = map[string]any{"enable_thinking": *c.Input.Thinking}
	}
	got, err := tpl.Render(c.Input.Messages, o)
	if c.Output == nil {
		var refusal *jinja.RaisedError
		if !errors.As(err, &refusal) || "TemplateError: "+refusal.Message != c.Error {
			t.Fatalf("%q, %v; want %s", got, err, c.Error)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*c.Output, got); diff != "" {
		t.Error(diff)
	}
}

func TestPick(t *testing.T) {
	hi := []Message{{Role: System, Content: "Be brief."}, {Role: User, Content: " Hi\n"}}
	all := func(string) bool { return true }
	half := func(token string) bool { return token == "<|im_start|>" }
	for _, c := range []struct {
		name, source string
		special      func(string) bool
		messages     []Message
		o            Options
		origin       Origin
		want, err    string
	}{
		{"own", "{{ bos_token }}{{ messages|length }}{{ eos_token }}", all, hi, Options{}, FromFile, "<s>2</s>", ""},
		{"chatml", "", all, hi, Options{AddGenerationPrompt: true}, ChatML,
			"<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi\n<|im_end|>\n<|im_start|>assistant\n", ""},
		{"chatml, no prompt", "", all, hi[1:], Options{}, ChatML, "<|im_start|>user\n Hi\n<|im_end|>\n", ""},
		{"raw", "", half, hi[1:], Options{AddGenerationPrompt: true}, RawText, " Hi\n", ""},
		{"raw with system", "", half, hi, Options{}, RawText, "", "continues one text"},
		{"raw of an assistant", "", half, []Message{{Role: Assistant}}, Options{}, RawText, "", "continues one text"},
		{"raw with tools", "", half, hi[1:], Options{Tools: json.RawMessage("[]")}, RawText, "", "continues one text"},
		{"raw, nothing", "", half, nil, Options{}, RawText, "", "continues one text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tpl, err := Pick(c.source, "<s>", "</s>", c.special)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tpl.Render(c.messages, c.o)
			if got != c.want || tpl.Origin() != c.origin || (err == nil) != (c.err == "") {
				t.Errorf("%q from %v, %v; want %q from %v", got, tpl.Origin(), err, c.want, c.origin)
			}
			if err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v; want %s", err, c.err)
			}
		})
	}
}

func TestVariables(t *testing.T) {
	tpl, err := New("{{ tools is defined }} {{ messages }} {{ x }} {{ o.b }} {{ missing is defined }}", "", "")
	if err != nil {
		t.Fatal(err)
	}
	call := Message{Role: Assistant, Reasoning: "Hm.", ToolCalls: []ToolCall{{ID: "1", Type: "function", Function: Function{"f", json.RawMessage(`{"z":1,"a":2.0}`)}}}}
	got, err := tpl.Render([]Message{call, {Role: Tool, Content: "<&>\xff", Name: "f", ToolCallID: "1"}}, Options{Extra: map[string]any{"x": 1.5, "o": map[string]any{"b": []int{1}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := `False [{'role': 'assistant', 'content': '', 'reasoning_content': 'Hm.', 'tool_calls': [{'id': '1', 'type': 'function', 'function': {'name': 'f', 'arguments': {'z': 1, 'a': 2.0}}}]}, ` +
		`{'role': 'tool', 'content': '<&>�', 'name': 'f', 'tool_call_id': '1'}] 1.5 [1] False`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := tpl.Render(nil, Options{Extra: map[string]any{"o": nil}}); err != nil || !strings.HasPrefix(got, "False [] ") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	if _, err := New("", "", ""); !errors.Is(err, ErrNone) {
		t.Errorf("%v; want ErrNone", err)
	}
	if _, err := New("{% if %}", "", ""); err == nil || !strings.HasPrefix(err.Error(), "chat: the chat template can't be read: jinja: 1:7: ") {
		t.Errorf("%v", err)
	}
	for _, c := range []struct {
		source string
		o      Options
		want   string
	}{
		{"{{ raise_exception('No.') }}", Options{}, "chat: the model's chat template refuses these messages: jinja: 1:19: the template refuses: No."},
		{"{{ x.y }}", Options{}, "chat: the chat template fails: jinja: 1:5: 'x' is undefined"},
		{"", Options{Tools: json.RawMessage("{")}, "chat: tools: "},
		{"", Options{Extra: map[string]any{"f": func() {}}}, "chat: f: "},
	} {
		tpl, err := New(c.source+" ", "", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tpl.Render(nil, c.o); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v; want %s", err, c.want)
		}
	}
}
