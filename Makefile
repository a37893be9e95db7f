# RDZ CRM. `make` dit ce que l'on peut faire ; `make run` et `make test` installent d'abord ce qu'il faut.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-faults test-mutants lint fmt
BIN := .venv/bin
LEADS ?= 300
SUDO ?=

help: ## Cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: ## Installe tout dans .venv, une fois (SUDO=1 : installe aussi les paquets système manquants)
	@SUDO=$(SUDO) scripts/setup

run: setup ## Démarre tout : http://127.0.0.1:8001 (Ctrl-C arrête)
	@exec $(BIN)/rdz up

demo: setup ## Le travail principal de bout en bout, sur des leads réalistes (LEADS=300)
	@exec $(BIN)/rdz demo --leads $(LEADS)

test: setup ## Tous les tests, sur un vrai MongoDB et un vrai SMTP
	@exec $(BIN)/pytest -n 2

test-faults: setup ## Les essais de panne à leur taille écrite (long) ; ajoute leurs chiffres à var/faults.md
	@mkdir -p var && RDZ_FIGURES=$(CURDIR)/var/faults.md exec $(BIN)/pytest -m "long or not long" tests/faults

test-mutants: setup ## Retire chaque garde dans une copie : son essai doit échouer
	@exec $(BIN)/python scripts/mutants.py

lint: setup ## ruff, mypy strict, contrats d'import
	@$(BIN)/ruff check backend tests
	@$(BIN)/ruff format --check backend tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fmt: setup ## Met le code en forme
	@$(BIN)/ruff check --fix backend tests
	@$(BIN)/ruff format backend tests
