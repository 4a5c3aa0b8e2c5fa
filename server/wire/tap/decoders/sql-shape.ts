/**
 * What a SQL text does, as far as its short form needs: verb, table, and which parameter goes into
 * which column. It recognises by plain patterns and parses no SQL; what it does not
 * recognise keeps its verb and table. Pure.
 */
import { shorten } from "./chat-words.ts";

export interface SqlShape {
  verb: string;
  table?: string;
  /** Parameter numbers (from 1) by the column they are stored into or compared with. */
  params: ReadonlyMap<string, number>;
  /** `id > $n`: reads what came after a cursor. */
  afterParam?: number;
  /** Reads the newest first. */
  newest: boolean;
  /** Reads only the last id. */
  last: boolean;
  /** The beginning of the text, for what has no short form. */
  words: string;
  setup: boolean;
  heartbeat: boolean;
  /** May hold a password. */
  secret: boolean;
}

const SETUP_VERBS = new Set([
  "CREATE",
  "ALTER",
  "DROP",
  "SET",
  "SHOW",
  "RESET",
  "DISCARD",
  "LISTEN",
  "UNLISTEN",
  "DEALLOCATE",
]);
const MAX_SQL_CHARACTERS = 8_192;

export function readSql(text: string): SqlShape {
  const sql = text
    .slice(0, MAX_SQL_CHARACTERS)
    .replace(/--[^\n]*|\/\*.*?\*\//gs, " ")
    .replace(/\s+/g, " ")
    .trim();
  // Asked of the whole text: what looks like a comment may stand within a name.
  const secret = /passw(or)?d/i.test(text);
  const insert = lastInsert(sql);
  const verb = insert ? "INSERT" : verbOf(sql);
  const table = insert?.table ?? tableOf(verb, sql);
  const after = /\bid"?\s*>\s*\$(\d+)/i.exec(sql)?.[1];
  return {
    verb,
    ...(table !== undefined && { table }),
    params: insert?.params ?? comparedParams(sql),
    ...(after !== undefined && { afterParam: Number(after) }),
    newest: /\border by [\w."]*\bid"? desc/i.test(sql),
    last: /^select (?:"?last\b|max\("?id)/i.test(sql),
    words: secret ? verb : shorten(sql),
    setup: SETUP_VERBS.has(verb) || /\bpg_(try_)?advisory|information_schema|pg_catalog/i.test(sql),
    heartbeat: /^select 1\b(?!.*\bfrom\b)/i.test(sql),
    secret,
  };
}

function verbOf(sql: string): string {
  if (/\bcreate table\b/i.test(sql)) return "CREATE";
  const first = /^\(*\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? "";
  if (first !== "WITH") return first === "" ? "empty statement" : shorten(first, 20);
  return (
    /\b(update|delete|select)\b/i.exec(sql.replace(/\([^()]*\)/g, ""))?.[1]?.toUpperCase() ?? first
  );
}

const TABLE_AFTER: Record<string, RegExp> = {
  UPDATE: /\bupdate (?:only )?"?([\w.]+)/i,
  CREATE: /\bcreate (?:unlogged |temp )?(?:table|(?:unique )?index) (?:if not exists )?"?([\w.]+)/i,
};
const TABLE_FROM = /\bfrom (?:only )?"?([\w.]+)/i;

function tableOf(verb: string, sql: string): string | undefined {
  return (TABLE_AFTER[verb] ?? TABLE_FROM).exec(sql)?.[1]?.slice(0, 64);
}

/** The last `INSERT INTO table (columns) VALUES|SELECT expressions`: a counter may come before it. */
function lastInsert(sql: string): { table: string; params: Map<string, number> } | undefined {
  const inserts = [...sql.matchAll(/\binsert into "?([\w.]+)"?(?: as \w+)? ?(?:\(([^()]*)\))?/gi)];
  const [whole, table, columns = ""] = inserts.at(-1) ?? [];
  const at = inserts.at(-1)?.index;
  if (whole === undefined || table === undefined || at === undefined) return undefined;
  const source = sql.slice(at + whole.length).replace(/^ ?(values ?\(|\(?select )/i, "");
  const expressions = splitList(source);
  const params = new Map<string, number>();
  for (const [place, column] of columns.split(",").entries()) {
    const param = /^\(*\$(\d+)/.exec(expressions[place] ?? "")?.[1];
    if (param !== undefined)
      params.set(column.trim().replaceAll('"', "").toLowerCase(), Number(param));
  }
  return { table, params };
}

/** Splits at commas outside parentheses, up to the end of the list. */
function splitList(source: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    const ends = depth < 0 || (depth === 0 && /^ from\b/i.test(source.slice(at, at + 6)));
    if (ends || (sign === "," && depth === 0)) {
      items.push(source.slice(begin, at).trim());
      begin = at + 1;
    }
    if (ends) return items;
  }
  items.push(source.slice(begin).trim());
  return items;
}

function comparedParams(sql: string): Map<string, number> {
  const params = new Map<string, number>();
  for (const [, column, param] of sql.matchAll(/\b(\w+)"?\s*=\s*\$(\d+)/g)) {
    if (column !== undefined) params.set(column.toLowerCase(), Number(param));
  }
  return params;
}
