/** « Exporter » under a list: its rows, its order and the columns shown, as a file that the browser keeps. */
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { address, call } from "@/api/client";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { Button } from "./Button";
import { toast } from "./toasts";
import { t } from "./words";

export interface Taken {
  path: string;
  query: object;
}

export function ExportButton({ path, query, columns }: Taken & { columns: string[] }) {
  const can = useCan();
  const { entity } = useScope();
  const [busy, setBusy] = useState(false);
  if (!can("exports.create")) return null;
  const take = async () => {
    setBusy(true);
    try {
      await call("get", "/api/auth/me"); // the browser opens the file by itself: the session must be fresh before
      const link = document.createElement("a");
      link.href = address(path, { ...query, limit: undefined, skip: undefined, entity, columns });
      link.download = "";
      link.click();
    } catch (error) {
      toast.failed(error);
    }
    setBusy(false);
  };
  return (
    <Button kind="quiet" busy={busy} icon={<IconDownload size={16} stroke={1.75} aria-hidden />} onClick={() => void take()}>
      {t("export")}
    </Button>
  );
}
