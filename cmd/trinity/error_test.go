package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/internal/tales"
)

// files are models that can't be run, by name.
func files(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return map[string]string{
		"DIR":          dir,
		"MISSING":      filepath.Join(dir, "missing.gguf"),
		"EMPTY":        write("empty.gguf", nil),
		"TEXT":         write("text.gguf", []byte("this is no model at all")),
		"HEADLESS":     write("headless.gguf", tales.GGUF[:100_000]),
		"TAILLESS":     write("tailless.gguf", tales.GGUF[:len(tales.GGUF)-1000]),
		"NAMELESS":     ggufwrite.New().Set("general.name", "x").File(t),
		"ARCHITECTURE": ggufwrite.New().Set("general.architecture", "abacus").File(t),
		"TENSORLESS": ggufwrite.New().Set("general.architecture", "llama").Set("tokenizer.ggml.model", "gpt2").
			Set("tokenizer.ggml.tokens", []string{"a", "b"}).Set("tokenizer.ggml.merges", []string{}).File(t),
		"PRETOKENIZER": ggufwrite.New().Set("general.architecture", "llama").Set("tokenizer.ggml.model", "gpt2").
			Set("tokenizer.ggml.pre", "klingon").Set("tokenizer.ggml.tokens", []string{"a"}).File(t),
		"WORD":    write("word.txt", []byte("a")),
		"STORY":   write("story.txt", []byte(strings.Repeat("Once upon a time there was a fox. ", 200))),
		"OUT":     filepath.Join(dir, "out"),
		"NOWHERE": filepath.Join(dir, "nowhere", "out"),
	}
}

// TestErrors: each mistake is one sentence, which says what is wrong and, where it can, what to do.
func TestErrors(t *testing.T) {
	names := files(t)
	for _, c := range []struct {
		args string // separated by |, names of files replaced
		code int
		want string // part of the sentence
	}{
		{"run", exitUsage, "too few arguments: trinity run MODEL [PROMPT]"},
		{"run|tales|tell|me", exitUsage, `too many arguments, the first is "me": quote a text that has spaces`},
		{"rum|tales", exitUsage, "perhaps trinity run"},
		{"tales", exitUsage, "give trinity run tales"},
		{"TEXT", exitUsage, "give trinity run "},
		{"abracadabra", exitUsage, "see trinity --help"},
		{"run|--nosuch|tales|hi", exitUsage, "unknown flag: --nosuch: see trinity run --help"},
		{"run|--exact|--fast|tales|hi", exitUsage, "--exact and --fast: one keeps every bit, the other gives them up: give one of them"},
		{"verify|--exact|--fast|tales", exitUsage, "give one of them"},
		{"version|now", exitUsage, "too many arguments"},

		{"run|MISSING|hi", exitFailed, "MODEL is the path of a GGUF or .tri file, or tales"},
		{"info|MISSING", exitFailed, "MODEL is the path of a GGUF or .tri file, or tales"},
		{"run|DIR|hi", exitFailed, "is a directory: name the model file inside it"},
		{"run|EMPTY|hi", exitFailed, "is empty: fetch the model again"},
		{"run|TEXT|hi", exitFailed, "it is not a GGUF file"},
		{"run|HEADLESS|hi", exitFailed, "fetch the whole file again"},
		{"run|TAILLESS|hi", exitFailed, "fetch the whole file again"},
		{"verify|TAILLESS", exitFailed, "fetch the whole file again"},
		{"run|NAMELESS|hi", exitFailed, "lacks the key general.architecture"},
		{"run|ARCHITECTURE|hi", exitFailed, `unknown architecture "abacus": this runs bitnet, `},
		{"run|PRETOKENIZER|hi", exitFailed, `tokenizer.ggml.pre is "klingon", which is not supported`},
		{"tokenize|PRETOKENIZER|hi", exitFailed, `tokenizer.ggml.pre is "klingon", which is not supported`},
		{"run|TENSORLESS|hi", exitFailed, "key \"llama.block_count\" is missing"},

		{"convert|tales", exitUsage, "too few arguments: trinity convert MODEL OUT.tri"},
		{"convert|MISSING|OUT", exitFailed, "MODEL is the path of a GGUF or .tri file, or tales"},
		{"convert|tales|STORY", exitFailed, "story.txt: file already exists: give another name, or --force to overwrite it"},
		{"convert|tales|NOWHERE", exitFailed, "out: no file can be made beside it: "},
		{"convert|ARCHITECTURE|OUT", exitFailed, `unknown architecture "abacus": this runs bitnet, `},

		{"run|tales|", exitUsage, "the prompt is empty: give it as an argument or on standard input"},
		{"run|tales", exitUsage, "the prompt is empty: give it as an argument or on standard input"},
		{"run|tales|\xff", exitUsage, "the prompt is not UTF-8 text"},
		{"run|--ctx|8|tales|Tell me a story about a fox and a hen.", exitFailed, "the context 8 positions: shorten the text, or give a larger --ctx"},
		{"run|--ctx|32|-n|100|tales|Tell me a story.", exitFailed, "all of its 32 positions are taken: shorten the text, or give a larger --ctx"},
		{"run|--raw|--system|x|tales|hi", exitUsage, "--system needs the chat template"},
		{"run|-n|-1|tales|hi", exitUsage, "-n is -1"},
		{"run|--stop||tales|hi", exitUsage, "--stop is empty"},
		{"run|--vm=fast|tales|hi", exitUsage, "--vm=fast: give --vm=loop or --vm=spec"},
		{"run|--threads|-1|tales|hi", exitUsage, "--threads is -1: give 1 to 1024"},
		{"run|--threads|0|tales|hi", exitUsage, "--threads is 0"},
		{"run|--ctx|0|tales|hi", exitUsage, "--ctx is 0"},
		{"run|--ctx|many|tales|hi", exitUsage, `invalid argument "many" for "--ctx"`},
		{"run|--batch|0|tales|hi", exitUsage, "--batch is 0"},
		{"verify|--batch|-2|tales", exitUsage, "--batch is -2"},

		{"run|--temp|-1|tales|hi", exitUsage, "temperature -1: must be 0 (greedy) or more"},
		{"run|--temp|NaN|tales|hi", exitUsage, "temperature NaN"},
		{"run|--top-k|-1|tales|hi", exitUsage, "top-k -1"},
		{"run|--top-p|1.5|tales|hi", exitUsage, "top-p 1.5"},
		{"run|--min-p|2|tales|hi", exitUsage, "min-p 2"},
		{"run|--typical-p|-1|tales|hi", exitUsage, "typical-p -1"},
		{"run|--repeat-penalty|0|tales|hi", exitUsage, "repeat penalty 0"},
		{"run|--frequency-penalty|Inf|tales|hi", exitUsage, "frequency penalty"},
		{"run|--presence-penalty|NaN|tales|hi", exitUsage, "presence penalty"},
		{"run|--penalty-last-n|-2|tales|hi", exitUsage, "penalty window -2"},
		{"run|--logit-bias|5|tales|hi", exitUsage, "give ID=BIAS"},
		{"run|--logit-bias|-5=1|tales|hi", exitUsage, "-5 is no token"},
		{"run|--logit-bias|4096=1|tales|hi", exitFailed, "4096 is no token: the vocabulary has 4096"},
		{"run|--seed|-1|tales|hi", exitUsage, `invalid argument "-1" for "--seed"`},

		{"tokenize|tales", exitUsage, "too few arguments"},
		{"logits|tales|-o|OUT", exitUsage, "say which tokens: --ids"},
		{"logits|tales|--ids|1,x|-o|OUT", exitUsage, `"x" is no token id`},
		{"logits|tales|--ids|1,2", exitUsage, "say where to write: -o FILE"},
		{"logits|tales|--ids|1,4096|-o|OUT", exitFailed, "4096 is no token: the model has the tokens 0 to 4095"},
		{"logits|tales|--ids|1,-3|-o|OUT", exitFailed, "-3 is no token"},
		{"logits|tales|--ctx|2|--ids|1,2,3|-o|OUT", exitFailed, "the context has 2 positions"},
		{"logits|tales|--ids|1|-o|NOWHERE", exitFailed, "no such file or directory"},
		{"perplexity|tales|MISSING", exitFailed, "no such file or directory"},
		{"perplexity|tales|DIR", exitFailed, "is a directory"},
		{"perplexity|tales|WORD", exitFailed, "the text has 1 tokens, and a perplexity needs two or more"},
		{"perplexity|tales|STORY", exitFailed, "1024 tokens do not fit the context of 512: give -n 513, or a larger --ctx"},
		{"perplexity|-n|1|tales|STORY", exitUsage, "-n is 1"},
		{"bench|--runs|0|tales", exitUsage, "must be 1 or more"},
		{"bench", exitUsage, "name a MODEL, or --synthetic SHAPE:TYPE"},
		{"bench|--save|x.gguf|tales", exitUsage, "--save writes one --synthetic model"},
		{"bench|--synthetic|smol135", exitFailed, "is no SHAPE:TYPE"},
		{"bench|--ctx|10|tales", exitFailed, "the context has 10 positions"},
		{"verify|-n|0|tales", exitUsage, "-n is 0"},
	} {
		t.Run(c.args, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(c.want, "no such file") {
				t.Skip("Windows says it in other words")
			}
			args := strings.Split(c.args, "|")
			for i, a := range args {
				if path, ok := names[a]; ok {
					args[i] = path
				}
			}
			got := run(t, "", args...)
			if got.code != c.code {
				t.Errorf("exit code %d, want %d", got.code, c.code)
			}
			last := strings.TrimSuffix(got.stderr, "\n")
			if strings.Contains(last, "\n") {
				t.Errorf("more than one line: %q", got.stderr)
			}
			if !strings.HasPrefix(last, "trinity: ") || !strings.Contains(last, c.want) {
				t.Errorf("got %q, want %q in it", got.stderr, c.want)
			}
		})
	}
	if _, err := os.Stat(names["OUT"]); err == nil {
		t.Error("logits left a file though it failed")
	}
}

// TestOutputFails: a full disk is told, a reader that has enough is not.
func TestOutputFails(t *testing.T) {
	for _, args := range [][]string{
		{"run", "--temp", "0", "-n", "3", "tales", "hi"}, {"run", "--json", "-n", "3", "tales", "hi"},
		{"info", "tales"}, {"info", "--json", "tales"}, {"tokenize", "tales", "hi"}, {"version"},
		{"bench", "-p", "1", "-n", "1", "--runs", "1", "tales"}, {"verify", "-n", "1", "tales"},
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("this system has no /dev/full")
		}
		got := runInto(t, nil, full, args...)
		full.Close()
		if got.code != exitFailed || !strings.Contains(got.stderr, "no space left") {
			t.Errorf("%v: exit code %d: %s", args, got.code, got.stderr)
		}
	}
}

func TestReaderLeaves(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	got := runInto(t, nil, w, "run", "--temp", "0", "tales", "Tell me a story.")
	w.Close()
	if got.code == 0 || strings.Contains(got.stderr, "panic") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

// vocabularyOnly is a file without tensors: the tokens a, b and ab.
func vocabularyOnly(t *testing.T) string {
	return ggufwrite.New().Set("tokenizer.ggml.model", "gpt2").Set("tokenizer.ggml.pre", "gpt-2").
		Set("tokenizer.ggml.tokens", []string{"a", "b", "ab"}).Set("tokenizer.ggml.merges", []string{"a b"}).File(t)
}

// sharedModel is a tiny model of which nothing is known but that its template has system messages.
func sharedModel(t *testing.T) string { return shared.Path(t, "golden/arch/llama.gguf") }
