/** One setting of the cluster, drawn by its kind; every change goes through the API. */

import { useStore } from "zustand";
import { msWords } from "../../../shared/contracts/ms-words.ts";
import { SETTINGS, type Settings } from "../../../shared/contracts/settings.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { useCommands } from "../../stores/commands.ts";
import {
  consequenceWords,
  noEffectWords,
  SETTING_NAMES,
  settingValueWords,
} from "../../stores/setting-words.ts";
import { Select } from "../../ui/Select.tsx";
import { StopSlider } from "../../ui/StopSlider.tsx";
import { SwitchRow } from "../../ui/SwitchRow.tsx";
import { usePending } from "../../ui/use-pending.ts";
import styles from "./Controls.module.css";
import { stopsBetween } from "./stops.ts";

export function SettingControl({ setting }: { setting: keyof Settings }) {
  const value = useStore(clusterStore, ({ snapshot }) => snapshot?.settings[setting]);
  const note = useStore(clusterStore, ({ snapshot }) =>
    snapshot === null
      ? null
      : (noEffectWords(setting, snapshot.settings) ?? consequenceWords(setting, snapshot.settings)),
  );
  const { changeSettings } = useCommands();
  const [isPending, run] = usePending();
  if (value === undefined) return null;

  const commit = (next: unknown) => changeSettings({ [setting]: next } as Partial<Settings>);
  const change = (next: unknown) => run(() => commit(next));
  const rule = SETTINGS[setting];
  const shared = { label: SETTING_NAMES[setting], hint: rule.explain };
  switch (rule.type) {
    case "ms":
      return (
        <>
          <StopSlider
            {...shared}
            value={Number(value)}
            stops={stopsBetween(rule.min, rule.max)}
            words={msWords}
            onCommit={commit}
          />
          {note !== null && <p className={styles.note}>{note}</p>}
        </>
      );
    case "switch":
      return (
        <>
          <SwitchRow {...shared} isPending={isPending} value={value === true} onChange={change} />
          {note !== null && <p className={styles.note}>{note}</p>}
        </>
      );
    case "choice": {
      const choices: readonly unknown[] = rule.choices;
      return (
        <div className={styles.row} title={rule.explain} aria-busy={isPending}>
          <span className={styles.label}>{shared.label}</span>
          <Select
            label={shared.label}
            quiet
            isDisabled={isPending}
            value={JSON.stringify(value)}
            options={choices.map((choice) => ({
              value: JSON.stringify(choice),
              label: settingValueWords(setting, choice),
            }))}
            onChange={(text) => change(JSON.parse(text))}
          />
        </div>
      );
    }
    default:
      return rule satisfies never;
  }
}
