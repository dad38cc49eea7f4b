// The images of the product. Names and folders are those that the chart and compose use.

/** Images by name: the package inside, and whether the web app or the native engine of sealing comes with it. */
export const images = {
  auth: { folder: 'services/auth', title: 'Conclave auth' },
  rooms: { folder: 'services/rooms', title: 'Conclave rooms' },
  files: { folder: 'services/files', title: 'Conclave files', native: true },
  gateway: { folder: 'services/gateway', title: 'Conclave gateway and web app', web: true },
  tasks: { folder: 'deploy/tasks', title: "Conclave operator's tasks" },
};
