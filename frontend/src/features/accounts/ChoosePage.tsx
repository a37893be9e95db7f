/** A password chosen through the link of an e-mail. The token follows #: no server sees the address with it. */
import { PasswordInput } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import { Link, useLocation } from "react-router";
import { call } from "@/api/client";
import { ApiError } from "@/api/errors";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import { told } from "@/words/errors";
import { t } from "./words";

export default function ChoosePage() {
  const token = useLocation().hash.slice(1);
  const [refusal, setRefusal] = useState("");
  const [weak, setWeak] = useState("");
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  useEffect(() => {
    document.title = `${t("choose")} · RDZ CRM`;
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const password = String(given.get("password"));
    setRefusal("");
    setWeak("");
    if (!password) return setWeak(t("needed"));
    if (password !== String(given.get("again"))) return setRefusal(t("not_the_same"));
    setBusy(true);
    try {
      await call("post", "/api/auth/password/reset", { body: { token, new_password: password } });
      setDone(true);
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      if (fields.new_password) setWeak(french(fields.new_password));
      else setRefusal(told(error).text);
    }
    setBusy(false);
  };
  return (
    <main className="login">
      <form className="card stack" onSubmit={(event) => void submit(event)} noValidate>
        <span className="brand">RDZ CRM</span>
        <h1>{t("choose")}</h1>
        {refusal && <p className="refusal" role="alert">{refusal}</p>}
        {!token && <p className="refusal" role="alert">{t("no_token")}</p>}
        {done && <p role="status">{t("chosen")}</p>}
        {token && !done && (
          <>
            <PasswordInput name="password" label={t("next")} description={t("next_help")} autoComplete="new-password" error={weak || undefined} visibilityToggleButtonProps={{ "aria-label": t("show") }} />
            <PasswordInput name="again" label={t("again")} autoComplete="new-password" visibilityToggleButtonProps={{ "aria-label": t("show") }} />
            <Button kind="primary" type="submit" busy={busy}>{t("choose_send")}</Button>
          </>
        )}
        <Link to={done ? "/login" : "/mot-de-passe-oublie"}>{t(done ? "back_to_login" : "ask_again")}</Link>
      </form>
    </main>
  );
}
