/** Where the page starts: view from the address, feed to the stores, then the app. */
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./ui/tokens.css";
import "./ui/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyLook } from "./apply-look.ts";
import { commands } from "./connection/commands.ts";
import { openFeed } from "./connection/feed.ts";
import { joinTab, leaveTab } from "./connection/late-tab-client.ts";
import { openLink } from "./features/recording/share-link.ts";
import { CommandsProvider } from "./stores/commands.ts";
import { runPlayback } from "./stores/playback.ts";
import { showTargetFirst } from "./stores/target.ts";
import { viewStore } from "./stores/view-store.ts";
import { queryFromView, viewFromQuery } from "./stores/view-url.ts";

viewStore.setState(viewFromQuery(location.search));
viewStore.subscribe((view) => {
  history.replaceState(null, "", location.pathname + queryFromView(view, location.search));
});
applyLook();
showTargetFirst();
openLink(commands.recording);
openFeed();
runPlayback((then) => requestAnimationFrame(then));

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(
  <CommandsProvider value={{ ...commands, joinTab, leaveTab }}>
    <App />
  </CommandsProvider>,
);
