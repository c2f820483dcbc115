'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import { clearBrowserState } from '#components/browser-state/own-storage.ts'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { saveText } from '#components/ui/copying/save-text.ts'
import { showFailure } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'
import { LINES_CLASS, Line, Section } from './section.tsx'

/** What is kept of the person: as a file, and how it goes. */
export function OwnData() {
  const [isLeaving, setLeaving] = useState(false)
  const leave = async () => {
    await call('DELETE /api/me', {})
    clearBrowserState({ keepsDrafts: false })
    window.location.assign('/sign-in')
    return false
  }
  return (
    <Section id="data" title="Your data" about="What is kept of you here, and how it ends.">
      <div className={LINES_CLASS}>
        <Line
          title="Export"
          actions={
            <Button onPress={() => void save()}>
              <Download aria-hidden="true" />
              Download
            </Button>
          }
        >
          A file with your profile, sessions, keys and what the audit log says of you.
        </Line>
        <Line title="Leave" actions={<Button onPress={() => setLeaving(true)}>Leave this workspace…</Button>}>
          Your membership ends, with sessions, personal keys and connected clients.
        </Line>
        <Line title="Erase">
          An owner can erase what identifies you, in Settings, Members. What you wrote stays, without your
          name.
        </Line>
      </div>
      {isLeaving && (
        <QuestionDialog
          title="Leave this workspace"
          action="Leave"
          onDo={leave}
          onClose={() => setLeaving(false)}
        >
          <p>
            You are signed out everywhere, and your personal keys and connected clients stop working within
            two seconds. Prompts and versions of yours stay.
          </p>
          <p>To come back you need an invitation. The last owner cannot leave.</p>
        </QuestionDialog>
      )}
    </Section>
  )
}

async function save(): Promise<void> {
  try {
    const data = await call('GET /api/me/export', {})
    saveText(`${JSON.stringify(data, null, 2)}\n`, 'incipit-my-data.json', 'application/json')
  } catch (error) {
    showFailure('The file could not be made.', error)
  }
}
