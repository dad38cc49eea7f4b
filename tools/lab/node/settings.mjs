// Configuration of the programs of the node. All addresses are inside the lab's own network namespace.

/** Address of the node; it lies on a bridge of its own, so that no interface of the machine is needed. */
export const nodeIp = '10.250.0.1';

/** Name of the node. */
export const nodeName = 'lab';

/** What holds the namespaces of pods. */
export const pauseImage = 'localhost/pause:lab';

const apiPort = 6443;

/** Where the API server listens. */
export const apiServer = `https://${nodeIp}:${apiPort}`;

/** containerd 1.6, without systemd and without AppArmor. */
export const containerdConfig = ({ folder, store, runc }) => `version = 2
root = "${store}"
state = "${folder}/containerd"
[grpc]
  address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "${runc}"
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
`;

/** One bridge for all pods. */
export const cniConfig = ({ folder }) => ({
  cniVersion: '0.4.0',
  name: 'lab',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni-lab',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: `${folder}/cni-state`,
        ranges: [[{ subnet: '10.244.0.0/16' }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

/** The kubelet. */
export const kubeletConfig = ({ folder }) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  failCgroupV1: false,
  cgroupDriver: 'cgroupfs',
  containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
  address: nodeIp,
  readOnlyPort: 0,
  healthzBindAddress: '127.0.0.1',
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: `${folder}/pki/kubelet-client.crt` },
  },
  authorization: { mode: 'AlwaysAllow' },
  clusterDomain: 'cluster.local',
  clusterDNS: ['10.96.0.10'],
  resolvConf: `${folder}/resolv.conf`,
  // Only a process with CAP_SYS_RESOURCE may lower its score; machines in sandboxes have none.
  oomScoreAdj: 0,
  makeIPTablesUtilChains: false,
  podLogsDir: `${folder}/pod-logs`,
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: { 'memory.available': '200Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  maxPods: 100,
  registerNode: true,
  failSwapOn: false,
  serializeImagePulls: false,
  nodeStatusUpdateFrequency: '5s',
});

/** kube-proxy. */
export const proxyConfig = ({ folder }) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'iptables',
  hostnameOverride: nodeName,
  clientConnection: { kubeconfig: `${folder}/kube-proxy.conf` },
  clusterCIDR: '10.244.0.0/16',
  detectLocalMode: 'ClusterCIDR',
  // Sizes of connection tables belong to the machine, not to the lab.
  conntrack: {
    maxPerCore: 0,
    min: 0,
    tcpEstablishedTimeout: '0s',
    tcpCloseWaitTimeout: '0s',
    udpTimeout: '0s',
    udpStreamTimeout: '0s',
  },
  healthzBindAddress: '127.0.0.1:10256',
  metricsBindAddress: '127.0.0.1:10249',
  nodePortAddresses: [`${nodeIp}/32`],
});

/** Arguments of etcd, which keeps nothing beyond the run. */
export const etcdArgs = ({ folder }) => [
  ...['--data-dir', `${folder}/etcd`, '--unsafe-no-fsync', '--log-level', 'warn'],
  ...['--listen-client-urls', 'http://127.0.0.1:2379', '--advertise-client-urls', 'http://127.0.0.1:2379'],
  ...['--listen-peer-urls', 'http://127.0.0.1:2380', '--initial-advertise-peer-urls', 'http://127.0.0.1:2380'],
  ...['--initial-cluster', 'default=http://127.0.0.1:2380'],
];

/** Arguments of the API server. */
export const apiServerArgs = ({ folder }) => [
  ...['--etcd-servers', 'http://127.0.0.1:2379', '--bind-address', nodeIp, '--advertise-address', nodeIp],
  ...['--secure-port', String(apiPort), '--cert-dir', `${folder}/pki`],
  ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
  ...['--service-account-key-file', `${folder}/pki/sa.pub`],
  ...['--service-account-signing-key-file', `${folder}/pki/sa.key`],
  ...['--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'Node,RBAC'],
  ...['--enable-admission-plugins', 'NodeRestriction', '--allow-privileged', '--anonymous-auth=false'],
  ...['--token-auth-file', `${folder}/tokens.csv`],
  ...['--kubelet-client-certificate', `${folder}/pki/kubelet-client.crt`],
  ...['--kubelet-client-key', `${folder}/pki/kubelet-client.key`],
  ...['--kubelet-preferred-address-types', 'InternalIP', '--v', '1'],
];
