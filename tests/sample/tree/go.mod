module example.com/pllm

go 1.21
