# Xinheng 信衡: everything a newcomer, a developer and CI need. `make` alone prints this list.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench messages client docs pictures lock clean

IN_VENV := .venv/bin

help: ## this list 本列表
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## private environment, static assets, translations 准备环境
	@sh scripts/setup.sh

run: ## set up and start the demo company on 127.0.0.1:8000 启动
	@sh scripts/setup.sh
	@exec $(IN_VENV)/xinheng run

test: ## everything, on SQLite and where found on PostgreSQL and in Chromium 测试
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/test.py $(PARTS)

check: ## lint, types, import contracts, migrations, both languages 检查
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/check.py

bench: ## what is measured, against which limit: benchmarks/RESULTS.md 测速
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python benchmarks/run.py

messages: ## bring the message catalogues up to date with the sources 更新译文
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/languages.py --update

client: ## write the description of the API and its Python client again 重新生成接口说明和客户端
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/api_client.py

docs: ## generate docs/rulebook/coverage.md from the tests 生成覆盖表
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/coverage_map.py --write

pictures: ## take the manual's pictures of the demo company again 更新手册截图
	@sh scripts/setup.sh --dev
	@exec $(IN_VENV)/python scripts/pictures.py

lock: ## resolve the dependencies again (UPGRADE=1 takes newer ones) 重新锁定依赖
	@sh scripts/setup.sh --tools
	@UPGRADE=$(UPGRADE) exec $(IN_VENV)/python scripts/lock.py

clean: ## remove what make made; var/ (the data) stays 清理
	rm -rf .venv .venv-node node_modules staticfiles test-output dist src/xinheng/site/static/vendor
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	find src -name '*.mo' -delete
