# RDZ CRM. `make` dit ce que l'on peut faire ; `make run` et `make test` installent d'abord ce qu'il faut.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run demo test test-front test-faults test-mutants lint fmt api-types screenshots bench-dashboard dev-front
BIN := .venv/bin
LEADS ?= 300
SUDO ?=

help: ## Cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: ## Installe tout dans .venv, une fois (SUDO=1 : installe aussi les paquets système manquants)
	@SUDO=$(SUDO) scripts/setup

setup-tests:
	@SUDO=$(SUDO) scripts/setup tests

run: setup ## Démarre tout : tableau de bord http://127.0.0.1:3000, API :8001 (Ctrl-C arrête)
	@exec $(BIN)/rdz up

demo: setup ## Le travail principal de bout en bout, sur des leads réalistes (LEADS=300)
	@exec $(BIN)/rdz demo --leads $(LEADS)

test: setup-tests ## Tous les tests, sur un vrai MongoDB, un vrai SMTP et un vrai navigateur
	@scripts/frontend npx vitest run --silent
	@exec $(BIN)/pytest -n 2 --dist worksteal

test-front: setup-tests ## Les tests du tableau de bord seulement : Vitest, puis le navigateur
	@scripts/frontend npx vitest run --silent
	@exec $(BIN)/pytest -m "long or not long" tests/browser

test-faults: setup ## Les essais de panne à leur taille écrite (long) ; ajoute leurs chiffres à var/faults.md
	@mkdir -p var && RDZ_FIGURES=$(CURDIR)/var/faults.md exec $(BIN)/pytest -m "long or not long" tests/faults

test-mutants: setup ## Retire chaque garde dans une copie : son essai doit échouer
	@exec $(BIN)/python scripts/mutants.py

screenshots: setup-tests ## Photographie chaque page (clair, sombre, 375 px) dans docs/img/
	@exec $(BIN)/pytest tests/browser/screenshots.py

bench-dashboard: setup-tests ## Ouvre chaque page sur 100 000 leads et 500 clients, et dit ce qu'elle coûte (LEADS=100000)
	@LEADS=$(if $(filter-out 300,$(LEADS)),$(LEADS),100000) exec $(BIN)/python -m benchmarks.dashboard

api-types: setup ## Refait les types du tableau de bord depuis l'OpenAPI du backend
	@scripts/api-types

dev-front: setup ## Vite avec rechargement à chaud sur FRONTEND_PORT (le backend doit tourner)
	@scripts/frontend npx vite

lint: setup ## ruff, mypy strict, contrats d'import, tsc, eslint
	@$(BIN)/ruff check backend tests benchmarks
	@$(BIN)/ruff format --check backend tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@scripts/frontend npx tsc --noEmit
	@scripts/frontend npx eslint . --max-warnings 0

fmt: setup ## Met le code en forme
	@$(BIN)/ruff check --fix backend tests benchmarks
	@$(BIN)/ruff format backend tests benchmarks
