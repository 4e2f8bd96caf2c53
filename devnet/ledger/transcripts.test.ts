import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SoftwareLedger } from "./device.ts";
import { zModelId } from "./models.ts";
import { zAppSettings } from "./settings.ts";

const folder = new URL("./transcripts/", import.meta.url);

const zTranscript = z.object({
  model: zModelId,
  app: z.literal("app-ethereum 1.22.0"),
  settings: zAppSettings,
  seed: z.string(),
  vectors: z.record(z.string(), z.array(z.string().regex(/^[0-9a-f]+ -> [0-9a-f]+$/))),
});

const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({
    name,
    transcript: zTranscript.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8"))),
  }));

const exchange = async (device: SoftwareLedger, line: string): Promise<string> => {
  const [command = ""] = line.split(" -> ");
  const answer = await device.apdu(Buffer.from(command, "hex"));
  return `${command} -> ${Buffer.from(answer).toString("hex")}`;
};

it("there are transcripts to answer", () => expect(transcripts.length).toBeGreaterThan(0));

describe.each(transcripts)("answers the real app's transcript $name", ({ transcript }) => {
  const { model, settings, seed } = transcript;
  const cases = Object.entries(transcript.vectors);

  it.each(cases)("%s", async (name, lines) => {
    const approval = name.endsWith(":reject") ? "never" : "always";
    const device = new SoftwareLedger({ seed, model, settings, approval });
    const answered: string[] = [];
    for (const line of lines) answered.push(await exchange(device, line));
    expect(answered).toEqual(lines);
  });

  it("all cases one after the other on one device", async () => {
    const device = new SoftwareLedger({ seed, model, settings });
    for (const [name, lines] of cases) {
      device.screen.approval = name.endsWith(":reject") ? "never" : "always";
      for (const line of lines) expect(await exchange(device, line)).toBe(line);
    }
  });
});
