{{/*
What a schema cannot say. Each problem is one sentence that says what to do; all of them are told together.
*/}}
{{- define "conclave.problems" -}}
{{- $all := list -}}
{{- range list "address" "secrets" "encryption" "servers" "migrations" "livekit" "turn" "components" "routes" "backup" -}}
{{- $found := include (printf "conclave.problems.%s" .) $ | fromJsonArray -}}
{{- $all = concat $all $found -}}
{{- end -}}
{{- $known := include "conclave.problems.wellKnown" (dict "value" (omit .Values "global") "path" "" "key" "") | fromJsonArray -}}
{{- concat $all $known | uniq | toJson -}}
{{- end -}}

{{- define "conclave.problems.address" -}}
{{- $p := list -}}
{{- if not .Values.publicUrl -}}
{{- $p = append $p "publicUrl is empty: give the one address under which people open Conclave, such as --set publicUrl=https://meet.example.org." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.secrets" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- if and $v.secretsInit.enabled $v.externalSecrets.enabled -}}
{{- $p = append $p "secretsInit and externalSecrets are both enabled: credentials come from one place, so turn one of them off." -}}
{{- end -}}
{{- if and $v.externalSecrets.enabled (not $v.externalSecrets.storeRef.name) -}}
{{- $p = append $p "externalSecrets.storeRef.name is empty: name the SecretStore that holds the credentials." -}}
{{- end -}}
{{- range $name, $section := include "conclave.sections" . | fromJson -}}
{{- if and $section.needed (not $section.own) (not $v.externalSecrets.enabled) (not (and $v.secretsInit.enabled $section.generated)) -}}
{{- $keys := list }}{{ range $id, $kind := $section.kinds }}{{ $keys = append $keys (index $section.keyNames $id) }}{{ end -}}
{{- $made := ternary ", or set secretsInit.enabled to have it made" "" $section.generated -}}
{{- $p = append $p (printf "%s.existingSecret is empty: name a Secret with %s%s." $section.path (join ", " (sortAlpha $keys)) $made) -}}
{{- end -}}
{{- end -}}
{{- if $v.livekit.namespaceOverride -}}
{{- if and (ne $v.livekit.mode "external") (not $v.livekit.keys.existingSecret) -}}
{{- $p = append $p "livekit.namespaceOverride needs livekit.keys.existingSecret: a Secret of that name in both namespaces, since no pod reads Secrets of another one." -}}
{{- end -}}
{{- if $v.redis.bundled.enabled -}}
{{- $p = append $p "livekit.namespaceOverride and redis.bundled do not go together: its password would be needed in the other namespace; bring a Redis of your own." -}}
{{- end -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.encryption" -}}
{{- $p := list -}}
{{- range $service := list "rooms" "files" -}}
{{- $kek := index $.Values.encryption $service -}}
{{- if not (has $kek.active $kek.keys) -}}
{{- $p = append $p (printf "encryption.%s.active is %s, which is not among encryption.%s.keys (%s): add it there and to its Secret first, then make it active." $service $kek.active $service (join ", " $kek.keys)) -}}
{{- end -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.servers" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- if and (not $v.database.bundled.enabled) (not $v.database.host) -}}
{{- $p = append $p "database.host is empty: name the host of your Postgres." -}}
{{- end -}}
{{- if $v.database.bundled.enabled -}}
{{- if or (ne ($v.database.names | toJson) "{\"auth\":\"auth\",\"files\":\"files\",\"rooms\":\"rooms\"}") (ne ($v.database.users | toJson) "{\"auth\":\"auth\",\"files\":\"files\",\"filesKeys\":\"files_keys\",\"rooms\":\"rooms\",\"roomsKeys\":\"rooms_keys\"}") -}}
{{- $p = append $p "database.names and database.users cannot be changed with database.bundled: its databases are made under the names of the services." -}}
{{- end -}}
{{- end -}}
{{- if and (not $v.nats.bundled.enabled) (not $v.nats.url) -}}
{{- $p = append $p "nats.url is empty: give the address of your NATS, such as tls://nats.example.org:4222." -}}
{{- end -}}
{{- if and (not $v.objectStorage.bundled.enabled) (not $v.objectStorage.endpoint) -}}
{{- $p = append $p "objectStorage.endpoint is empty: give the address of your S3, such as https://s3.example.org." -}}
{{- end -}}
{{- if and $v.redis.sentinel.masterName (not $v.redis.sentinel.addresses) -}}
{{- $p = append $p "redis.sentinel.addresses is empty: name the sentinels that watch the master." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.migrations" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- if eq $v.migrations.mode "hook" -}}
{{- if $v.database.bundled.enabled -}}
{{- $p = append $p "migrations.mode is hook, but the database comes with this release and is not there before it: set migrations.mode to job." -}}
{{- end -}}
{{- if $v.externalSecrets.enabled -}}
{{- $p = append $p "migrations.mode is hook, but externalSecrets makes the credentials with the release and not before it: set migrations.mode to job, or bring Secrets that are there already." -}}
{{- end -}}
{{- end -}}
{{- if and (eq $v.preflight.mode "hook") (or $v.externalSecrets.enabled $v.database.bundled.enabled $v.nats.bundled.enabled $v.objectStorage.bundled.enabled) -}}
{{- $p = append $p "preflight.mode is hook, but something that it checks comes with this release: set preflight.mode to auto." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.livekit" -}}
{{- $v := .Values -}}
{{- $l := $v.livekit -}}
{{- $p := list -}}
{{- $outside := list }}{{ range splitList "-" (toString $l.rtc.udpPort) }}{{ $outside = append $outside (atoi .) }}{{ end -}}
{{- $outside = append $outside (int $l.rtc.tcpPort) -}}
{{- if eq $l.mode "external" -}}
{{- if not $l.url -}}
{{- $p = append $p "livekit.url is empty: give the address of the API of your own LiveKit (mode external)." -}}
{{- end -}}
{{- else -}}
{{- if eq $l.mode "nodePort" -}}
{{- range $outside -}}
{{- if and . (or (lt . 30000) (gt . 32767)) -}}
{{- $p = append $p (printf "livekit.rtc uses port %d, which is no NodePort: in mode nodePort browsers are told the port of the node, so choose udpPort and tcpPort from 30000 to 32767." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if eq $l.mode "loadBalancer" -}}
{{- if or (gt (int $l.replicas) 1) $l.autoscaling.enabled -}}
{{- $p = append $p "livekit.mode loadBalancer carries one media server: a balancer would spray one person's packets over several. Choose hostNetwork, hostPort or nodePort for more." -}}
{{- end -}}
{{- if eq $l.rtc.nodeIPSource "node" -}}
{{- $p = append $p "livekit.mode loadBalancer needs livekit.rtc.nodeIPSource fixed with the address of the load balancer (or external): else signalling works and media fails." -}}
{{- end -}}
{{- end -}}
{{- if and (include "conclave.mediaRange" .) (ne $l.mode "hostNetwork") -}}
{{- $p = append $p "livekit.rtc.portRange works in mode hostNetwork only: no Service holds thousands of ports. Use udpPort." -}}
{{- end -}}
{{- if and (not (include "conclave.mediaRange" .)) (not $l.rtc.udpPort) -}}
{{- $p = append $p "livekit.rtc has neither udpPort nor portRange: media needs one of them." -}}
{{- end -}}
{{- if and (eq $l.rtc.nodeIPSource "fixed") (not $l.rtc.nodeIP) -}}
{{- $p = append $p "livekit.rtc.nodeIP is empty: give the address that browsers send media to, or choose nodeIPSource node or external." -}}
{{- end -}}
{{- if and (eq $l.rtc.nodeIPSource "external") (eq ($l.rtc.stunServers | toJson) "[\"127.0.0.1:9\"]") -}}
{{- $p = append $p "livekit.rtc.nodeIPSource external asks a STUN server for the address: name one of yours in livekit.rtc.stunServers." -}}
{{- end -}}
{{- if not $l.rtc.stunServers -}}
{{- $p = append $p "livekit.rtc.stunServers is empty: LiveKit would send every browser to a public server. Name one of yours, or leave the silent default." -}}
{{- end -}}
{{- if and (or (gt (int $l.replicas) 1) $l.autoscaling.enabled) (not (include "conclave.redisOf" .)) -}}
{{- $p = append $p "More than one media server needs Redis to find each other's rooms: set redis.address, redis.sentinel or redis.cluster." -}}
{{- end -}}
{{- if and $l.autoscaling.enabled (not $l.autoscaling.prometheusAddress) -}}
{{- $p = append $p "livekit.autoscaling.prometheusAddress is empty: the number of participants is asked there." -}}
{{- end -}}
{{- range list "keys" "key_file" "redis" "webhook" "port" "bind_addresses" "prometheus" "development" -}}
{{- if hasKey $l.config . -}}
{{- $p = append $p (printf "livekit.config.%s is set by the chart: leave it out of livekit.config (keys and passwords belong into Secrets, addresses into their own values)." .) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $l.mode "hostNetwork") $v.networkPolicy.enabled (not $v.networkPolicy.nodeCIDRs) -}}
{{- $p = append $p "networkPolicy.nodeCIDRs is empty: with livekit.mode hostNetwork the media server speaks from the nodes' addresses, which no selector matches. Give them, or choose another mode." -}}
{{- end -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.turn" -}}
{{- $v := .Values -}}
{{- $turn := $v.livekit.turn -}}
{{- $p := list -}}
{{- if and $turn.enabled (ne $v.livekit.mode "external") -}}
{{- if not $turn.domain -}}
{{- $p = append $p "livekit.turn.domain is empty: browsers are sent to turns:<domain>:443, so TURN needs a name of its own." -}}
{{- end -}}
{{- if and $turn.tls.externalTermination (or $turn.tls.existingSecret $turn.tls.issuer) -}}
{{- $p = append $p "livekit.turn.tls names a certificate and externalTermination: TLS ends in one place, so choose." -}}
{{- end -}}
{{- if and $turn.tls.issuer (not $v.certManager.issuerRef.name) -}}
{{- $p = append $p "livekit.turn.tls.issuer needs certManager.issuerRef.name." -}}
{{- end -}}
{{- if not (or $turn.tls.existingSecret $turn.tls.issuer $turn.tls.externalTermination $turn.udpPort) -}}
{{- $p = append $p "livekit.turn has neither a UDP port nor TLS: set livekit.turn.tls.existingSecret, issuer or externalTermination." -}}
{{- end -}}
{{- if and (eq $v.livekit.mode "nodePort") $turn.udpPort (or (lt (int $turn.udpPort) 30000) (gt (int $turn.udpPort) 32767)) -}}
{{- $p = append $p "livekit.turn.udpPort is no NodePort: choose one from 30000 to 32767, or 0." -}}
{{- end -}}
{{- if and (eq $v.livekit.mode "nodePort") (or $turn.tls.existingSecret $turn.tls.issuer $turn.tls.externalTermination) (or (lt (int $turn.tlsPort) 30000) (gt (int $turn.tlsPort) 32767)) -}}
{{- $p = append $p "livekit.turn.tlsPort is no NodePort: choose one from 30000 to 32767, and bring port 443 of livekit.turn.domain to it." -}}
{{- end -}}
{{- if eq $turn.domain (urlParse ($v.publicUrl | default "http://x")).hostname -}}
{{- $p = append $p "livekit.turn.domain is the host of publicUrl: port 443 there is the gateway's, so TURN needs another name." -}}
{{- end -}}
{{- end -}}
{{- if and $v.gatewayApi.tlsRoute.enabled (not $turn.enabled) -}}
{{- $p = append $p "gatewayApi.tlsRoute leads to TURN, which is off: set livekit.turn.enabled." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.components" -}}
{{- $p := list -}}
{{- range $service := list "auth" "rooms" "files" "gateway" -}}
{{- $own := index $.Values $service -}}
{{- if le (int $own.terminationGracePeriodSeconds) (add (int $own.preStopSeconds) 25 | int) -}}
{{- $p = append $p (printf "%s.terminationGracePeriodSeconds is %d: with preStopSeconds it must leave more than 25 seconds for what is under way." $service (int $own.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- if and $own.autoscaling.enabled (gt (int $own.autoscaling.min) (int $own.autoscaling.max)) -}}
{{- $p = append $p (printf "%s.autoscaling.min is greater than max." $service) -}}
{{- end -}}
{{- if and $own.autoscaling.enabled (not $own.autoscaling.targetCPUUtilization) (not $own.autoscaling.metrics) (not $own.autoscaling.keda.triggers) -}}
{{- $p = append $p (printf "%s.autoscaling has nothing to go by: set targetCPUUtilization, metrics or keda.triggers." $service) -}}
{{- end -}}
{{- $set := list }}{{ range include "conclave.serviceEnv" (list $ $service) | fromYamlArray }}{{ $set = append $set .name }}{{ end -}}
{{- $seen := list -}}
{{- range $own.extraEnv -}}
{{- if has .name $set -}}
{{- $p = append $p (printf "%s.extraEnv sets %s, which the chart sets already: use its value instead." $service .name) -}}
{{- end -}}
{{- if has .name $seen -}}
{{- $p = append $p (printf "%s.extraEnv sets %s twice." $service .name) -}}
{{- end -}}
{{- $seen = append $seen .name -}}
{{- if and .value (regexMatch "(PASSWORD|SECRET|SEED|PEPPER|TOKEN|(^|_)KEY)$" .name) -}}
{{- $p = append $p (printf "%s.extraEnv gives %s in the clear: put it into a Secret and refer to it with valueFrom." $service .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.routes" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- if and (or $v.ingress.enabled $v.gatewayApi.enabled) $v.gateway.enabled (not $v.gateway.trustedProxies) -}}
{{- $p = append $p "gateway.trustedProxies is empty: behind an Ingress or a Gateway everybody would come from its address, and one person's wrong passwords would count for all. Give the addresses or ranges of its pods, such as --set 'gateway.trustedProxies={10.244.0.0/16}'." -}}
{{- end -}}
{{- if and $v.gatewayApi.enabled (not $v.gatewayApi.parentRefs) -}}
{{- $p = append $p "gatewayApi.parentRefs is empty: name the Gateway that people come in by." -}}
{{- end -}}
{{- if and $v.gatewayApi.tlsRoute.enabled (not $v.gatewayApi.tlsRoute.parentRefs) -}}
{{- $p = append $p "gatewayApi.tlsRoute.parentRefs is empty: name the Gateway whose port 443 leads to TURN." -}}
{{- end -}}
{{- if and $v.gatewayApi.tlsRoute.enabled (eq $v.livekit.mode "external") -}}
{{- $p = append $p "gatewayApi.tlsRoute leads to this release's LiveKit, but livekit.mode is external." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{- define "conclave.problems.backup" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- if $v.backup.enabled -}}
{{- if or (not $v.backup.destination.endpoint) (not $v.backup.destination.bucket) -}}
{{- $p = append $p "backup.destination needs endpoint and bucket: copies go to another S3 than the originals." -}}
{{- end -}}
{{- if not $v.backup.existingSecret -}}
{{- $p = append $p "backup.existingSecret is empty: name a Secret with the access key and the secret key of the destination." -}}
{{- end -}}
{{- if not $v.backup.recipients -}}
{{- $p = append $p "backup.recipients is empty: give the public key (age1…) that copies are sealed to; `node dist/backup-key.js` of the tasks makes one." -}}
{{- end -}}
{{- if and (eq $v.backup.destination.endpoint $v.objectStorage.endpoint) (eq $v.backup.destination.bucket $v.objectStorage.bucket) $v.backup.destination.endpoint -}}
{{- $p = append $p "backup.destination is the bucket that holds the originals: a copy there would be lost with them." -}}
{{- end -}}
{{- if and $v.backup.signers (not $v.backup.existingSecretKeys.signingKey) -}}
{{- $p = append $p "backup.signers names who signs copies, but backup.existingSecretKeys.signingKey is empty, so nobody does." -}}
{{- end -}}
{{- if and $v.backup.restoreTest.enabled (not $v.backup.restoreTest.existingSecret) -}}
{{- $p = append $p "backup.restoreTest.existingSecret is empty: name a Secret with an identity made for it alone (`node dist/backup-key.js`), whose public key is among backup.recipients." -}}
{{- end -}}
{{- if and $v.backup.restoreTest.enabled (lt (len $v.backup.recipients) 2) -}}
{{- $p = append $p "backup.restoreTest needs a recipient of its own beside yours in backup.recipients: the one identity that opens everything must not be in the cluster." -}}
{{- end -}}
{{- if and $v.backup.restoreTest.enabled $v.backup.keys.enabled (not $v.backup.keys.recipients) -}}
{{- $p = append $p "backup.restoreTest would hold a key that opens the keys in each copy: name your own public key alone in backup.keys.recipients." -}}
{{- end -}}
{{- else if $v.backup.restoreTest.enabled -}}
{{- $p = append $p "backup.restoreTest.enabled needs backup.enabled: it looks at the copies that the backup makes." -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}

{{/*
Credentials that everybody knows, wherever in the values they were put: under a name that promises a credential, as an
environment variable, in a Secret of extraObjects, or in a URL.
*/}}
{{- define "conclave.problems.wellKnown" -}}
{{- $p := list -}}
{{- $path := .path -}}
{{- if kindIs "map" .value -}}
{{- $named := and (hasKey .value "name") (hasKey .value "value") (kindIs "string" (index .value "value")) -}}
{{- $secret := and (eq (toString (index .value "kind")) "Secret") (or (hasKey .value "stringData") (hasKey .value "data")) -}}
{{- range $key, $item := .value -}}
{{- if not (or (hasPrefix "existing" $key) (has $key (list "configMap" "secretName" "pullSecrets" "imagePullSecrets"))) -}}
{{- $as := ternary (toString (index $.value "name")) $key (and $named (eq $key "value")) -}}
{{- $in := ternary "password" $as (and $secret (eq $key "stringData")) -}}
{{- if and $secret (eq $key "data") -}}
{{- $plain := dict }}{{ range $k, $b := $item }}{{ $_ := set $plain $k (b64dec (toString $b)) }}{{ end -}}
{{- $p = concat $p (include "conclave.problems.wellKnown" (dict "value" $plain "path" (printf "%s.data" $path) "key" "password") | fromJsonArray) -}}
{{- else -}}
{{- $inner := ternary $in (ternary "password" $as (eq $.key "password")) (eq $in "password") -}}
{{- $p = concat $p (include "conclave.problems.wellKnown" (dict "value" $item "path" (printf "%s.%s" $path $key) "key" $inner) | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $index, $item := .value -}}
{{- $p = concat $p (include "conclave.problems.wellKnown" (dict "value" $item "path" (printf "%s[%d]" $path $index) "key" $.key) | fromJsonArray) -}}
{{- end -}}
{{- else if kindIs "string" .value -}}
{{- $where := $path | trimPrefix "." -}}
{{- if regexMatch "(?i)(passw|secret|token|seed|pepper|credential|(^|[_.-])key$|accesskey|secretkey|apikey)" .key -}}
{{- if regexMatch "(?i)^(devkey|secret|minioadmin|minio123|password|passw0rd|changeme|change-me|change_me|admin|administrator|root|postgres|redis|guest|test|letmein|conclave|livekit|(secret){2,}|(0?1?23456789?0?)+)$" .value -}}
{{- $p = append $p (printf "%s holds a credential that everybody knows: make one at random and keep it in a Secret (existingSecret, or secretsInit.enabled)." $where) -}}
{{- else if and (eq .value "") (eq .key "password") -}}
{{- $p = append $p (printf "%s is an empty credential." $where) -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "^[a-z][a-z0-9+.-]*://[^/@ ]*:[^/@ ]+@" .value -}}
{{- $p = append $p (printf "%s holds a password inside an address: put it into a Secret." $where) -}}
{{- end -}}
{{- end -}}
{{- $p | toJson -}}
{{- end -}}
