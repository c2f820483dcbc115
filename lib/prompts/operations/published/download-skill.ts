import { zipSync } from 'fflate'
import type { Actor } from '../../../access/actor.ts'
import type { Download } from '../../../download.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { Skill } from '../../skill/schema.ts'
import { type GetSkillRequest, getSkill } from './get-skill.ts'

/**
 * A prompt as a zip that holds the folder of its skill, to be put where agents look for theirs. Equal skills have
 * equal bytes.
 * @throws as getSkill
 */
export const downloadSkill = operation('downloadSkill', run)

async function run(actor: Actor, input: GetSkillRequest): Promise<Download> {
  const skill = await getSkill(actor, input)
  const bytes = skillZip(skill)
  return {
    fileName: `${skill.name}.zip`,
    mediaType: 'application/zip',
    start(sink) {
      sink.write(bytes)
      sink.end()
      return () => undefined
    },
  }
}

/** No time is in it: the first moment that a zip can tell. */
const LONG_AGO = '1980-01-01T00:00:00'

function skillZip({ name, files }: Skill): Uint8Array {
  const encoder = new TextEncoder()
  const entries = files.map(({ path, text }) => [`${name}/${path}`, encoder.encode(text)] as const)
  return zipSync(Object.fromEntries(entries), { mtime: LONG_AGO })
}
