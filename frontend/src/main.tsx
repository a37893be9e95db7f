import "@mantine/core/styles.css";
import "inter-ui/inter-variable-latin.css";
import "@/ui/tokens.css";
import "@/ui/ui.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { queries } from "@/api/hooks";
import { fetchAhead, router } from "@/app/routes";
import { language, useLanguage } from "@/lib/i18n";
import { theme, variables } from "@/ui/theme";

document.documentElement.lang = language();
fetchAhead(location.pathname);

function App() {
  const chosen = useLanguage();
  return <RouterProvider key={chosen} router={router} />;
}

const root = document.getElementById("root");
if (!root) throw new Error("no #root in index.html");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" deduplicateCssVariables={false}>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
