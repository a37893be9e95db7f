/** A forgotten password: the answer is the same whether the address has an account or not. */
import { TextInput } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import { Link } from "react-router";
import { call } from "@/api/client";
import { Button } from "@/ui/Button";
import { told } from "@/words/errors";
import { t } from "./words";

export default function ForgotPage() {
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  useEffect(() => {
    document.title = `${t("forgot")} · RDZ CRM`;
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email"));
    if (!email) return setRefusal(t("email_needed"));
    setBusy(true);
    setRefusal("");
    try {
      await call("post", "/api/auth/password/forgot", { body: { email } });
      setSent(true);
    } catch (error) {
      setRefusal(told(error).text);
    }
    setBusy(false);
  };
  return (
    <main className="login">
      <form className="card stack" onSubmit={(event) => void submit(event)} noValidate>
        <span className="brand">RDZ CRM</span>
        <h1>{t("forgot")}</h1>
        {refusal && <p className="refusal" role="alert">{refusal}</p>}
        {sent ? (
          <p role="status">{t("forgot_sent")}</p>
        ) : (
          <>
            <p>{t("forgot_help")}</p>
            <TextInput name="email" type="email" label={t("email")} autoComplete="username" />
            <Button kind="primary" type="submit" busy={busy}>{t("forgot_send")}</Button>
          </>
        )}
        <Link to="/login">{t("back_to_login")}</Link>
      </form>
    </main>
  );
}
