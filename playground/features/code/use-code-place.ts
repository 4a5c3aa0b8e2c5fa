/**
 * Which file is open, and which of its members are lit: those that dealt with the selected hop, or,
 * while none is selected, those that deal with what is happening.
 */
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { isPattern, type Pattern } from "../../../shared/contracts/ids.ts";
import type { CodePlace } from "../../../shared/patterns/code-place.ts";
import { codeOf, PATTERN_GUIDES } from "../../../shared/patterns/guide.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { type KeysOf, useHappening } from "../../stores/use-happening.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";

export interface OpenCode {
  pattern: Pattern;
  file: string;
  /** Lit members of this file, the one that was lit last at the end. */
  members: readonly string[];
  /** A hop is selected that no line of the replicas is about. */
  isElsewhere: boolean;
  choosePattern(pattern: Pattern): void;
  chooseFile(file: string): void;
}

export function useOpenCode(of?: Pattern): OpenCode {
  const selected = useSelectedPlace();
  const [first = "long-polling"] = shownPatterns(useStore(viewStore, (view) => view.shown));
  const [chosen, choosePattern] = useState<Pattern>(first);
  const pattern = selected?.pattern ?? of ?? chosen;
  const [file, chooseFile] = useState(PATTERN_GUIDES[pattern].source);
  const happening = useHappening(pattern, keysOf);

  useEffect(() => {
    if (of !== undefined) chooseFile(PATTERN_GUIDES[of].source);
  }, [of]);
  const selectedFile = selected?.place?.file;
  useEffect(() => {
    if (selectedFile !== undefined) chooseFile(selectedFile);
  }, [selectedFile]);

  const lit = selected
    ? [selected.place].filter((place) => place !== undefined)
    : [...happening].map(placeOf);
  return {
    pattern,
    file,
    members: lit.filter((place) => place.file === file).map(({ member }) => member),
    isElsewhere: selected !== undefined && selected.place === undefined,
    choosePattern: (next) => {
      choosePattern(next);
      chooseFile(PATTERN_GUIDES[next].source);
    },
    chooseFile,
  };
}

function useSelectedPlace(): { pattern: Pattern; place: CodePlace | undefined } | undefined {
  const seq = useStore(viewStore, (view) => view.selected);
  const { eventBySeq } = useStore(traceStore);
  const event = seq === null ? undefined : eventBySeq(seq);
  if (!isPattern(event?.pattern)) return undefined;
  return { pattern: event.pattern, place: codeOf(event, eventBySeq) };
}

const SEPARATOR = " ";

const keysOf: KeysOf = (event, causeOf) => {
  const place = codeOf(event, causeOf);
  return place === undefined ? [] : [`${place.file}${SEPARATOR}${place.member}`];
};

function placeOf(key: string): CodePlace {
  const [file = "", member = ""] = key.split(SEPARATOR);
  return { file, member };
}
