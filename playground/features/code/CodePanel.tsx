/**
 * The replica's own source, the very file that runs, beside the running diagram: the lines that
 * deal with the selected hop, or with what is just happening, are lit.
 */

import { useEffect, useState } from "react";
import { PATTERNS, type Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { type SourceFile, useCommands } from "../../stores/commands.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { Select } from "../../ui/Select.tsx";
import styles from "./CodePanel.module.css";
import { CodeText } from "./CodeText.tsx";
import { useOpenCode } from "./use-code-place.ts";

/** `of`: the pattern whose source it is, where that is chosen elsewhere. */
export function CodePanel({ of }: { of?: Pattern }) {
  const { pattern, file, members, isElsewhere, choosePattern, chooseFile } = useOpenCode(of);
  const files = useSourceFiles();
  const source = useSource(file);
  return (
    <div className={styles.panel} data-pattern={pattern}>
      <div className={styles.bar}>
        {of === undefined && (
          <Segmented
            label="Pattern"
            value={pattern}
            choices={PATTERNS.map((value) => ({ value, label: PATTERN_NAMES[value] }))}
            onChange={choosePattern}
          />
        )}
        <Select
          label="File"
          value={file}
          options={files.map((value) => ({ value, label: value }))}
          onChange={chooseFile}
        />
      </div>
      <p className={styles.words}>
        {isElsewhere
          ? "No line of the replicas is about this hop: it is the connection’s own upkeep."
          : "The file that runs. Lit: the lines that deal with what happens, or with the hop you click."}
      </p>
      {source === undefined ? (
        <p className={styles.words}>Loading…</p>
      ) : (
        <CodeText key={source.file} file={source.file} text={source.text} members={members} />
      )}
    </div>
  );
}

function useSourceFiles(): readonly string[] {
  const { sourceFiles } = useCommands();
  const [files, setFiles] = useState<readonly string[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void sourceFiles().then((list) => isCurrent && setFiles(list));
    return () => {
      isCurrent = false;
    };
  }, [sourceFiles]);
  return files;
}

/** Files do not change while a playground runs, so each is fetched once. */
function useSource(file: string): SourceFile | undefined {
  const { sourceFile } = useCommands();
  const [fetched, setFetched] = useState<ReadonlyMap<string, SourceFile>>(new Map());
  const isFetched = fetched.has(file);
  useEffect(() => {
    if (isFetched) return;
    let isCurrent = true;
    void sourceFile(file).then((source) => {
      if (isCurrent && source) setFetched((before) => new Map(before).set(file, source));
    });
    return () => {
      isCurrent = false;
    };
  }, [file, isFetched, sourceFile]);
  return fetched.get(file);
}
