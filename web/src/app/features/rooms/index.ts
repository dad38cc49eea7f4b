export { InviteDialog, type InviteDialogData } from './invite-dialog';
export { NewRoomDialog } from './new-room-dialog';
export { RoomSettings } from './room-settings';
