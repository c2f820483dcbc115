import { eventType } from 'inngest'
import { z } from 'zod'

/** A generation waits in its row; its id is the event's id, so that one sent twice runs once. */
export const generationRequested = eventType('generation/requested', {
  schema: z.object({
    generation_id: z.uuid(),
    workspace_id: z.uuid(),
    /** What limits are counted by. */
    provider: z.string(),
    queue: z.enum(['interactive', 'batch']),
    /** How often it was handed to a run anew; part of the event's id. */
    sweep: z.number().int().optional(),
  }),
})

/** Somebody stopped a generation: a run that waits does not begin, one that is under way ends. */
export const generationCancelled = eventType('generation/cancelled', {
  schema: z.object({ generation_id: z.uuid(), workspace_id: z.uuid() }),
})

/** A batch has its rows; the function sends each of them. */
export const batchRequested = eventType('generation/batch.requested', {
  schema: z.object({ batch_id: z.uuid(), workspace_id: z.uuid() }),
})
