import { IconCopy, IconPhone } from "@tabler/icons-react";
import { phone } from "@/lib/format";
import { IconButton } from "./Button";
import { toast } from "./toasts";
import { t } from "./words";

/** A number to call or copy in one click. */
export function Phone({ e164, raw }: { e164: string; raw?: string }) {
  if (!e164) return <span>{raw || "–"}</span>;
  const copy = () => void navigator.clipboard.writeText(phone(e164).replace(/\s/g, " ")).then(() => toast.done(t("copied")));
  return (
    <span className="phone">
      <a href={`tel:${e164}`}>
        <IconPhone size={14} aria-hidden />
        {phone(e164)}
      </a>
      <IconButton label={t("copy_phone")} icon={<IconCopy size={14} />} onClick={copy} />
    </span>
  );
}
