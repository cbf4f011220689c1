package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/trinity-engine/trinity"
)

type runFlags struct {
	modelFlags
	sampling    samplingFlags
	n           int
	system      string
	raw, asJSON bool
	stop        []string
}

func runCommand() *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:   "run MODEL [PROMPT]",
		Short: "Answer a prompt, or hold a conversation",
		Long: "Run answers PROMPT, or what it reads from standard input. Without either, on a terminal, it holds a\n" +
			"conversation: /help there lists its commands. The answer goes to standard output as it is generated,\n" +
			"what it took to standard error.",
		Example: "  trinity run tales \"Tell me a story about a fox and a red balloon.\"\n" +
			"  trinity run model.gguf                                    # a conversation\n" +
			"  trinity run model.gguf < question.txt\n" +
			"  trinity run --temp 0 -n 50 model.gguf \"What is a fox?\"    # the likeliest words\n" +
			"  trinity run --raw model.gguf \"Once upon a time\"           # continue a text\n" +
			"  trinity run --vm model.gguf \"What is a fox?\"              # the same bits, by the VM",
		Args:              between(1, 2),
		ValidArgsFunction: completeModel(false),
		RunE:              func(_ *cobra.Command, args []string) error { return f.run(args) },
	}
	f.add(c)
	f.sampling.add(c)
	c.Flags().IntVarP(&f.n, "n", "n", 0, "`tokens` of an answer at most; 0: until the model ends, or the context is full")
	c.Flags().StringVar(&f.system, "system", "", "a system `message`")
	c.Flags().StringArrayVar(&f.stop, "stop", nil, "a `text` that ends the answer; may be given again")
	c.Flags().BoolVar(&f.raw, "raw", false, "give the prompt as it is, without the chat template; its special tokens are recognized")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print the answer and what it took as one JSON object")
	return c
}

func (f *runFlags) validate() error {
	if err := f.modelFlags.validate(); err != nil {
		return err
	}
	if f.n < 0 {
		return usagef("-n is %d: give 1 or more, or 0 for no limit", f.n)
	}
	for _, s := range f.stop {
		if s == "" {
			return usagef("--stop is empty: it would end every text")
		}
	}
	if f.raw && f.system != "" {
		return usagef("--system needs the chat template, which --raw leaves out: give one of them")
	}
	return f.sampling.validate()
}

func (f *runFlags) run(args []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	chats := len(args) == 1 && term.IsTerminal(int(os.Stdin.Fd()))
	if chats && f.asJSON {
		return usagef("--json needs a prompt: give it as an argument or on standard input")
	}
	prompt := ""
	if !chats {
		var err error
		if prompt, err = readPrompt(args[1:]); err != nil {
			return err
		}
		if !f.raw && !utf8.ValidString(prompt) {
			return usagef("the prompt is not UTF-8 text: convert it first, or give its bytes as they are with --raw")
		}
	}
	m, err := f.open(args[0])
	if err != nil {
		return err
	}
	defer m.Close()
	if chats {
		return newChat(f, m).run()
	}
	return f.answer(m, prompt)
}

// readPrompt gives the argument, or standard input less its last line break.
func readPrompt(args []string) (prompt string, err error) {
	if len(args) > 0 {
		prompt = args[0]
	} else {
		data, err := io.ReadAll(os.Stdin)
		if err != nil {
			return "", fmt.Errorf("standard input: %w", err)
		}
		prompt = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	}
	if prompt == "" {
		return "", usagef("the prompt is empty: give it as an argument or on standard input")
	}
	return prompt, nil
}

// answer answers one prompt.
func (f *runFlags) answer(m *trinity.Model, prompt string) error {
	ids, err := f.tokens(m, append(f.opening(f.system), trinity.Message{Role: trinity.User, Content: prompt}))
	if err != nil {
		return err
	}
	sampling, err := f.sampling.of(m)
	if err != nil {
		return err
	}
	ctx, stop := interruptible(f.command.Context())
	defer stop()
	if f.asJSON {
		return f.json(ctx, m, ids, sampling)
	}
	_, err = f.stream(ctx, m, ids, sampling)
	return err
}

func (f *runFlags) opening(system string) []trinity.Message {
	if system == "" {
		return nil
	}
	return []trinity.Message{{Role: trinity.System, Content: system}}
}

// tokens gives the prompt's: those of the chat template, or with --raw of the last message.
func (f *runFlags) tokens(m *trinity.Model, messages []trinity.Message) ([]int32, error) {
	if f.raw {
		text := messages[len(messages)-1].Content
		return m.Tokenize(text, trinity.TokenizeOptions{Special: true, BOS: m.AddBOS()}), nil
	}
	return m.PromptTokens(messages)
}
