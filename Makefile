.PHONY: gen test bench fuzz mutants lint

gen: ## compile specs/ into gen/
	go run ./cmd/vibeec specs

test:
	go test ./...

bench: ## kernels one by one, beside the machine's limits (KERNEL=matmul_q8 for those alone); BENCHTIME=5x
	go test ./internal/speed -run '^$$' -bench 'Kernels/$(KERNEL)' -benchtime $(or $(BENCHTIME),3x)

fuzz: ## each fuzz target for 20 s (FUZZTIME)
	@.ci/fuzz

mutants: ## wrong changes that a test must notice; SAMPLE=6 tries six of them, which SEED chooses (the date)
	go run ./internal/mutants $(if $(SAMPLE),-sample $(SAMPLE)) $(if $(SEED),-seed $(SEED))

lint: ## formatting, vet, staticcheck, specs, generated files
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not gofmt-clean:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	@laid=$$(go run ./cmd/vibeec fmt -l specs); [ -z "$$laid" ] || { echo "not in the one layout (vibeec fmt specs):"; echo "$$laid"; exit 1; }
	go run ./cmd/vibeec check specs
	go run ./cmd/vibeec specs --check
