package trinity_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/trinity-engine/trinity"
)

// The model inside the package tells a story.
func Example() {
	m, err := trinity.Open("tales", trinity.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	messages := []trinity.Message{{Role: trinity.User, Content: "Tell me a story about a fox and a red balloon."}}
	for token, err := range m.Chat(context.Background(), messages, trinity.GenerateOptions{MaxTokens: 24}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(token.Text)
	}
	// Output: Once upon a time, there was a little fox named Max who lived in a cozy little village surrounded by a beautiful red
}

// A text is continued, and what it took is counted.
func ExampleModel_Generate() {
	m, err := trinity.Open("tales", trinity.Options{Threads: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	var stats trinity.Stats
	prompt := m.Tokenize("Once upon a time there was a bear who", trinity.TokenizeOptions{BOS: m.AddBOS()})
	for token, err := range m.Generate(context.Background(), prompt, trinity.GenerateOptions{Stop: []string{"."}, Stats: &stats}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(token.Text)
	}
	fmt.Printf("\n%d + %d tokens, %s\n", stats.Prompt, stats.Generated, stats.Finish)
	// Output:
	// lived in a small village
	// 9 + 6 tokens, stop
}

// The file's own sampling, with another temperature and a seed: the same text every time, on every machine.
func ExampleModel_Sampling() {
	m, err := trinity.Open("tales", trinity.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	sampling, err := m.Sampling()
	if err != nil {
		log.Fatal(err)
	}
	sampling.Temperature, sampling.Seed = 0.9, 7
	messages := []trinity.Message{{Role: trinity.User, Content: "Tell me a story about a whale."}}
	for token, err := range m.Chat(context.Background(), messages, trinity.GenerateOptions{MaxTokens: 20, Sampling: &sampling}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(token.Text)
	}
	// Output: Once upon a time, in the lush forest of Elyria, there was a little frog named
}

// A turn that answers an earlier one holds the whole conversation. Its beginning is known from before.
func ExampleModel_Chat() {
	m, err := trinity.Open("tales", trinity.Options{Parallel: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	var messages []trinity.Message
	for _, text := range []string{"Tell me a story about a fox.", "And then?"} {
		messages = append(messages, trinity.Message{Role: trinity.User, Content: text})
		var stats trinity.Stats
		answer := ""
		for token, err := range m.Chat(context.Background(), messages, trinity.GenerateOptions{MaxTokens: 8, Stats: &stats}) {
			if err != nil {
				log.Fatal(err)
			}
			answer += token.Text
		}
		messages = append(messages, trinity.Message{Role: trinity.Assistant, Content: answer})
		fmt.Printf("%s (%d of %d tokens known from before)\n", answer, stats.Cached, stats.Prompt)
	}
	// Output:
	// Once upon a time, there was a (0 of 17 tokens known from before)
	// There was a little fox named Finnley (24 of 39 tokens known from before)
}

// Errors are told apart with errors.Is.
func ExampleErrContextFull() {
	m, err := trinity.Open("tales", trinity.Options{Context: 4})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	_, err = collect(m, "Once upon a time, there was a fox.")
	fmt.Println(errors.Is(err, trinity.ErrContextFull))
	fmt.Println(err)
	// Output:
	// true
	// the context is full: the prompt has 10 tokens, the context 4 positions
}

func collect(m *trinity.Model, text string) (answer string, err error) {
	for token, err := range m.Generate(context.Background(), m.Tokenize(text, trinity.TokenizeOptions{}), trinity.GenerateOptions{}) {
		if err != nil {
			return answer, err
		}
		answer += token.Text
	}
	return answer, nil
}
