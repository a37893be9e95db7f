import { PasswordInput, TextInput } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { call } from "@/api/client";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/Button";
import { told } from "@/words/errors";
import { t } from "./words";

/** Where to go back: a page of ours, never another site. */
export function returnPath(asked: string | null): string {
  return asked && /^\/(?![/\\])/.test(asked) && !asked.startsWith("/login") ? asked : "/admin/dashboard";
}

export default function LoginPage() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t("login")} · RDZ CRM`;
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body = { email: String(given.get("email")), password: String(given.get("password")), cookies_only: true };
    if (!body.email || !body.password) return setRefusal(t("both"));
    setBusy(true);
    setRefusal("");
    try {
      await call("post", "/api/auth/login", { body });
      await navigate(returnPath(params.get("retour")), { replace: true });
    } catch (error) {
      setRefusal(sentence(error));
      setBusy(false);
    }
  };
  return (
    <main className="login">
      <form className="card stack" onSubmit={(event) => void submit(event)} noValidate>
        <span className="brand">RDZ CRM</span>
        <h1>{t("login")}</h1>
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
        <TextInput name="email" type="email" label={t("email")} autoComplete="username" autoFocus />
        <PasswordInput name="password" label={t("password")} autoComplete="current-password" visibilityToggleButtonProps={{ "aria-label": t("show") }} />
        <Button kind="primary" type="submit" busy={busy}>
          {t("submit")}
        </Button>
        <Link to="/mot-de-passe-oublie">{t("forgot")}</Link>
      </form>
    </main>
  );
}

function sentence(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) return t("wrong");
  if (error instanceof ApiError && error.status === 403) return t("disabled");
  return told(error).text;
}
