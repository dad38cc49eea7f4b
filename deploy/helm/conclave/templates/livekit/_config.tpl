{{/* LiveKit's own configuration. Nothing secret is in it: keys come as a file, the password of Redis and the name of the webhook's key as environment. */}}
{{- define "conclave.livekitConfig" -}}
{{- $livekit := .Values.livekit -}}
{{- $rtc := dict "use_external_ip" (eq $livekit.rtc.nodeIPSource "external") "stun_servers" $livekit.rtc.stunServers "tcp_port" (int $livekit.rtc.tcpPort) -}}
{{- if include "conclave.mediaRange" . -}}
{{- $_ := set $rtc "port_range_start" (int $livekit.rtc.portRange.start) -}}
{{- $_ := set $rtc "port_range_end" (int $livekit.rtc.portRange.end) -}}
{{- else -}}
{{- $given := toString $livekit.rtc.udpPort -}}
{{- if contains "-" $given }}{{ $_ := set $rtc "udp_port" $given }}{{ else }}{{ $_ := set $rtc "udp_port" (atoi $given) }}{{ end -}}
{{- end -}}
{{- $config := dict
      "port" (include "conclave.port" (list . "livekit" "http") | int)
      "key_file" "/etc/livekit/keys/keys.yaml"
      "rtc" $rtc
      "room" (dict "auto_create" false "max_participants" 200 "empty_timeout" 300 "departure_timeout" 20 "max_metadata_size" 4096
        "max_room_name_length" 64 "max_participant_identity_length" 64)
      "limit" (dict "max_metadata_size" 4096 "max_attributes_size" 4096 "max_room_name_length" 64 "max_participant_identity_length" 64
        "max_participant_name_length" 256)
      "prometheus" (dict "port" (include "conclave.port" (list . "livekit" "metrics") | int))
      "node_selector" (dict "kind" "sysload" "sort_by" "sysload" "sysload_limit" 0.9)
      "webhook" (dict "urls" (list (include "conclave.webhookUrl" .)))
      "logging" (dict "json" true "level" $livekit.logLevel "pion_level" "error") -}}
{{- if ne $livekit.mode "hostNetwork" }}{{ $_ := set $config "bind_addresses" (list .Values.listenAddress) }}{{ end -}}
{{- with include "conclave.redisOf" . | fromYaml -}}
{{- $_ := set $config "redis" . -}}
{{- /* Who is there is asked of the node that holds the room. Redis would go on naming people whose node has died. */ -}}
{{- $_ := set $config "api" (dict "enable_psrpc_for_get_list_participants" true) -}}
{{- end -}}
{{- if $livekit.turn.enabled -}}
{{- $turn := dict "enabled" true "domain" $livekit.turn.domain -}}
{{- with $livekit.turn.udpPort }}{{ $_ := set $turn "udp_port" (int .) }}{{ end -}}
{{- if $livekit.turn.tls.externalTermination -}}
{{- $_ := set $turn "external_tls" true -}}
{{- $_ := set $turn "tls_port" (int $livekit.turn.tlsPort) -}}
{{- else if include "conclave.turnSecret" . -}}
{{- $_ := set $turn "tls_port" (int $livekit.turn.tlsPort) -}}
{{- $_ := set $turn "cert_file" "/etc/livekit/turn/tls.crt" -}}
{{- $_ := set $turn "key_file" "/etc/livekit/turn/tls.key" -}}
{{- end -}}
{{- with $livekit.turn.peerCIDRs }}{{ $_ := set $turn "allow_restricted_peer_cidrs" . }}{{ end -}}
{{- $_ := set $config "turn" $turn -}}
{{- end -}}
{{- mergeOverwrite $config (deepCopy $livekit.config) | toYaml -}}
{{- end -}}

{{- define "conclave.webhookUrl" -}}
{{- $host := include "conclave.name" (list . "rooms") -}}
{{- if .Values.livekit.namespaceOverride }}{{ $host = printf "%s.%s.svc.%s" $host .Release.Namespace .Values.global.clusterDomain }}{{ end -}}
{{- printf "http://%s:%s/webhooks/livekit" $host (include "conclave.port" (list . "rooms" "webhook")) -}}
{{- end -}}

{{/* LiveKit's view of Redis without its password; empty where there is none. */}}
{{- define "conclave.redisOf" -}}
{{- $redis := .Values.redis -}}
{{- $result := dict -}}
{{- if $redis.bundled.enabled -}}
{{- $host := include "conclave.name" (list . "redis") -}}
{{- if .Values.livekit.namespaceOverride }}{{ $host = printf "%s.%s.svc.%s" $host .Release.Namespace .Values.global.clusterDomain }}{{ end -}}
{{- $_ := set $result "address" (printf "%s:%s" $host (include "conclave.port" (list . "redis" "redis"))) -}}
{{- else if $redis.sentinel.masterName -}}
{{- $_ := set $result "sentinel_master_name" $redis.sentinel.masterName -}}
{{- $_ := set $result "sentinel_addresses" $redis.sentinel.addresses -}}
{{- else if $redis.cluster -}}
{{- $_ := set $result "cluster_addresses" $redis.cluster -}}
{{- else if $redis.address -}}
{{- $_ := set $result "address" $redis.address -}}
{{- end -}}
{{- if $result -}}
{{- with $redis.username }}{{ $_ := set $result "username" . }}{{ end -}}
{{- with $redis.db }}{{ $_ := set $result "db" (int .) }}{{ end -}}
{{- if and $redis.tls.enabled (not $redis.bundled.enabled) -}}
{{- $tls := dict "enabled" true -}}
{{- if .Values.trust.existingConfigMap }}{{ $_ := set $tls "ca_cert_file" "/etc/conclave/trust/ca.crt" }}{{ end -}}
{{- $_ := set $result "tls" $tls -}}
{{- end -}}
{{- $result | toYaml -}}
{{- end -}}
{{- end -}}

{{/* The Secret with TURN's certificate, where LiveKit ends TLS itself. */}}
{{- define "conclave.turnSecret" -}}
{{- $turn := .Values.livekit.turn -}}
{{- if and $turn.enabled (not $turn.tls.externalTermination) -}}
{{- $turn.tls.existingSecret | default (ternary (include "conclave.name" (list . "turn-tls")) "" $turn.tls.issuer) -}}
{{- end -}}
{{- end -}}

{{/* "true" in the modes that take ports of the node: no two pods fit on one. */}}
{{- define "conclave.mediaOnNode" -}}
{{- if has .Values.livekit.mode (list "hostNetwork" "hostPort" "nodePort") }}true{{ end -}}
{{- end -}}
