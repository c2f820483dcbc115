'use client'

import { CircleUserRound, LogOut, UserRound } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { usePerson } from '#components/access/person.tsx'
import { useSignOut } from '#components/sign-in/use-sign-out.ts'
import { Button } from '#components/ui/button.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Menu, MenuItem, MenuSeparator } from '#components/ui/overlays/menu.tsx'
import { useActions } from './actions.tsx'

const SignOutDialog = dialogPart(
  async () => (await import('#components/sign-in/sign-out-dialog.tsx')).SignOutDialog,
  ({ onClose }) => onClose(),
)

/** Who is signed in, with the way to the account and out. */
export function AccountMenu() {
  const router = useRouter()
  const { name, email } = usePerson()
  const { unsaved, begin, leave, giveUp } = useSignOut()
  useActions([
    {
      id: 'workbench.account',
      name: 'Account',
      group: 'Go to',
      keys: 'g a',
      run: () => router.push('/account'),
      words: 'profile password passkey second factor sessions keys',
    },
    {
      id: 'workbench.sign-out',
      name: 'Sign out',
      group: 'Workbench',
      run: begin,
      words: 'log out leave',
    },
  ])
  return (
    <>
      <Menu
        aria-label="Account"
        onAction={(key) => {
          if (key === 'account') router.push('/account')
          if (key === 'sign-out') begin()
        }}
        trigger={
          <Button look="quiet" square aria-label={`Account of ${name}`}>
            <CircleUserRound aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem id="account" textValue="Account" className="items-start">
          <UserRound aria-hidden="true" className="mt-0.5" />
          <span className="min-w-0 pr-4">
            <span className="block truncate font-medium">{name}</span>
            <span className="block truncate text-ink-faint text-xs">{email}</span>
          </span>
        </MenuItem>
        <MenuSeparator />
        <MenuItem id="sign-out" textValue="Sign out">
          <LogOut aria-hidden="true" />
          Sign out
        </MenuItem>
      </Menu>
      {unsaved.length > 0 && <SignOutDialog unsaved={unsaved} onLeave={leave} onClose={giveUp} />}
    </>
  )
}
