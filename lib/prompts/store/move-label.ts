import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { newId } from '../../id.ts'

export interface LabelMove {
  label: string
  from: number | null
  to: number | null
  /** When it last changed. */
  at: Date
}

/**
 * Sets, moves or removes (`to` null) a label of a locked prompt, and leaves an event.
 * @returns what the label named before; a label that is there already stays untouched and leaves no event
 */
export async function moveLabel(
  tx: Tx,
  actor: Actor,
  promptId: string,
  { label, to }: { label: string; to: number | null },
): Promise<LabelMove> {
  const prompt = { workspace_id: actor.workspaceId, prompt_id: promptId }
  const where = { workspace_id_prompt_id_label: { ...prompt, label } }
  const current = await tx.promptLabel.findUnique({
    where,
    select: { version_number: true, updated_at: true },
  })
  const from = current?.version_number ?? null
  const at = new Date()
  if (from === to) return { label, from, to, at: current?.updated_at ?? at }
  if (to === null) await tx.promptLabel.delete({ where })
  else {
    const data = { version_number: to, updated_by: actor.id, updated_at: at }
    await tx.promptLabel.upsert({ where, create: { ...prompt, label, ...data }, update: data })
  }
  await tx.labelEvent.create({
    data: { id: newId(), ...prompt, label, from_version: from, to_version: to, actor_id: actor.id },
  })
  return { label, from, to, at }
}
