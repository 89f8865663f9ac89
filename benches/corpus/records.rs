//! Ordinary log records, none with a code: what a program prints, one string a record.

/// Each of the records; those of several lines hold `\n`.
pub const RECORDS: &[&str] = &[
    // nginx, Apache, HAProxy
    r#"${ip} - - [${clf}] "${verb} ${path} HTTP/1.1" ${status} ${n5} "-" "${agent}" ${seconds}"#,
    r#"${ip} - ${user} [${clf}] "${verb} ${path} HTTP/2.0" ${status} ${n6} "https://shop.example.com${path}" "${agent}" rt=${seconds} uct=${seconds} upstream=${ip}:8080 id=${x32}"#,
    r#"${ip} - - [${clf}] "${verb} ${path} HTTP/1.0" ${status} ${n4}"#,
    r#"${go} [warn] ${n5}#${n2}: *${n8} an upstream response is buffered to a temporary file /var/cache/nginx/${n1}/${d2}/${d10} while reading upstream, client: ${ip}, server: shop.example.com, request: "GET ${path} HTTP/1.1""#,
    "[${apache}] [mpm_event:notice] [pid ${n5}:tid ${d15}] AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations",
    "[${apache}] [core:error] [pid ${n5}] [client ${ip}:${n5}] AH00037: Symbolic link not allowed or link target not accessible: ${file}",
    "${syslog} ${host} haproxy[${n5}]: ${ip}:${n5} [${day}/Nov/2026:${hms}.${ms}] web~ app/${host} 0/0/${n1}/${n3}/${n3} ${status} ${n5} - - ---- ${n3}/${n3}/${n2}/${n1}/0 0/0 \"${verb} ${path} HTTP/1.1\"",
    // syslog
    "${syslog} ${host} sshd[${n5}]: Accepted publickey for ${user} from ${ip} port ${n5} ssh2: ED25519 SHA256:${b43}",
    "${syslog} ${host} systemd[1]: Started session-${n5}.scope - Session ${n5} of User ${user}.",
    "${syslog} ${host} kernel: [${n6}.${d6}] IN=eth0 OUT= MAC=${x2}:${x2}:${x2}:${x2}:${x2}:${x2} SRC=${ip} DST=${ip} LEN=${n3} TOS=0x00 TTL=${n2} ID=${n5} PROTO=TCP SPT=${n5} DPT=443 WINDOW=${n5} SYN",
    "${syslog} ${host} CRON[${n5}]: (${user}) CMD (/usr/local/bin/${word}-rotate ${file} >/dev/null 2>&1)",
    "<134>1 ${utc} ${host} ${service} ${n5} - - ${phrase} ${outcome}",
    // Go
    "I${klog} ${n7} ${gofile}] \"${phrase}\" pod=\"shop/${pod}\" elapsed=\"${n3}.${d3}ms\"",
    "W${klog} ${n7} ${gofile}] watch of *v1.Pod ended with: very short watch: ${gofile}: unexpected watch close - watch lasted less than a second",
    "E${klog} ${n7} ${gofile}] \"cannot sync\" err=\"dial tcp ${ip}:${n5}: connect: connection refused\" node=\"${host}\"",
    "${go} ${gofile}: ${service}: ${phrase}: ${outcome} (${ip}:${n5})",
    "level=info ts=${utc} caller=${gofile} component=${service} msg=\"${phrase} ${outcome}\" duration=${n3}.${d3}ms bytes=${n7}",
    "time=\"${iso}\" level=warning msg=\"${outcome}\" func=${word}.${word} attempt=${n1} trace_id=${x32} span_id=${x16}",
    "panic: runtime error: index out of range [${n2}] with length ${n2}\n\ngoroutine ${n4} [running]:\nmain.(*worker).${method}(0xc000${x6}, {0xc000${x6}, 0x${x2}, 0x${x2}})\n\t/src/${service}/${gofile} +0x${x3}\ncreated by main.run in goroutine 1\n\t/src/${service}/${gofile} +0x${x2}",
    // JVM
    "${comma} ${level} [${thread}] ${class} - ${phrase}: ${outcome}",
    "${point}  ${level} ${n5} --- [${thread}] ${class} : ${phrase} [traceId=${x32}] ${outcome}",
    "${comma} ${level} [${thread}] org.hibernate.SQL - select o.${column}, o.${column} from ${table} o where o.${column}=? order by o.${column} limit ${n3}",
    "${comma} WARN  [${thread}] ${class} - giving up on ${service}\n${throwable}\n\tat ${class}.${method}(${javafile})\n\tat ${class}.${method}(${javafile})\n\tat java.base/java.lang.Thread.run(Thread.java:${n3})\nCaused by: ${throwable}\n\tat ${class}.${method}(${javafile})\n\t... ${n2} more",
    "${comma} ERROR [${thread}] ${class} - ${throwable}\n\tat ${class}.${method}(${javafile}) ~[${word}-1.${n2}.jar:?]\n\tat ${class}.${method}(${javafile}) ~[${word}-1.${n2}.jar:?]\n\tat ${class}.${method}(${javafile}) [${word}-1.${n2}.jar:?]",
    "[${iso}][info][gc] GC(${n5}) Pause Young (Normal) (G1 Evacuation Pause) ${n4}M->${n3}M(${n4}M) ${n2}.${d3}ms",
    "${slashed} INFO executor.Executor: Running task ${n3}.0 in stage ${n3}.0 (TID ${n6})",
    "${slashed} INFO storage.MemoryStore: Block broadcast_${n4}_piece0 stored as bytes in memory (estimated size ${n3}.${n1} KB, free ${n3}.${n1} MB)",
    "${slashed} INFO scheduler.TaskSetManager: Finished task ${n3}.0 in stage ${n3}.0 (TID ${n6}) in ${n5} ms on ${host} (executor ${n2}) (${n3}/${n3})",
    "${comma} INFO [IPC Server handler ${n2} on 9000] org.apache.hadoop.mapred.TaskAttemptListenerImpl: Progress of TaskAttempt attempt_${d13}_${d4}_m_${d6}_0 is : 0.${d8}",
    "${comma} INFO [RMCommunicator Allocator] org.apache.hadoop.mapreduce.v2.app.rm.RMContainerAllocator: Before Scheduling: PendingReds:${n1} ScheduledMaps:${n2} AssignedMaps:${n2} CompletedMaps:${n3} HostLocal:${n2}",
    "[${comma}] INFO [Consumer clientId=${service}-${n1}, groupId=${service}] Resetting offset for partition ${topic}-${n2} to position {offset=${n8}, leader=${ip}:9092} (org.apache.kafka.clients.consumer.internals.SubscriptionState)",
    // JSON
    r#"{"level":"info","ts":${epoch}.${us},"caller":"${service}/${gofile}","msg":"${phrase}","status":${status},"latency_ms":${n3},"trace":"${x32}"}"#,
    r#"{"time":"${utc}","severity":"${level}","service":"${service}","host":"${host}","user_id":${n8},"message":"${phrase} ${outcome}","http":{"method":"${verb}","path":"${path}","status_code":${status}}}"#,
    r#"{"log":"${ip} \"${verb} ${path}\" ${status} ${n5}\n","stream":"stdout","time":"${utc}","kubernetes":{"pod_name":"${pod}","namespace_name":"shop","container_hash":"${x32}"}}"#,
    r#"{"@timestamp":"${iso}","logger":"${class}","thread":"${thread}","body":"{\"order\":${n8},\"items\":[{\"sku\":\"${x10}\",\"n\":${n1}}],\"code\":0,\"error\":null}"}"#,
    // OpenStack and other Python
    r#"${point} ${n5} INFO nova.osapi_compute.wsgi.server [req-${uuid} ${x32} ${x32} - - -] ${ip} "GET /v2/${x32}/servers/detail HTTP/1.1" status: 200 len: ${n4} time: 0.${d7}"#,
    "${point} ${n5} INFO nova.compute.manager [-] [instance: ${uuid}] VM Resumed (Lifecycle Event)",
    "${comma} - ${service}.${word} - ${level} - ${phrase}: ${outcome}",
    "Traceback (most recent call last):\n  File \"/app/${service}/${word}.py\", line ${n3}, in ${word}\n    return self.${word}(${word}, timeout=${n2})\n  File \"/usr/lib/python3.12/site-packages/${word}/${word}.py\", line ${n4}, in ${word}\n    raise ${word}(f\"{${word}} is gone\")\nKeyError: '${word}'",
    // Android
    "${android}  ${n4}  ${n4} D PowerManagerService: acquire lock=${n9}, flags=0x1, tag=\"${word}\", name=com.example.${word}, ws=null, uid=${n5}, pid=${n4}",
    "${android}  ${n4}  ${n4} V WindowManager: Skipping window{${x7} u0 com.example.shop/com.example.shop.ui.Main t${n3}} -- going to hide",
    // Chinese
    "${comma} ${level} [${thread}] ${class} - ${chinese}",
    "[${point}] [信息] ${chinese}",
    r#"{"时间":"${iso}","级别":"信息","服务":"${service}","内容":"${chinese}"}"#,
    // SQL
    "${point} CST [${n5}] ${user}@shop LOG:  duration: ${n4}.${d3} ms  statement: UPDATE ${table} SET ${column} = ${n6}, ${column} = now() WHERE id = ${n8}",
    "# Time: ${utc}\n# User@Host: ${user}[${user}] @ ${host} [${ip}]  Id: ${n6}\n# Query_time: ${seconds}  Lock_time: 0.${d6}  Rows_sent: ${n3}  Rows_examined: ${n7}\nSELECT ${column}, COUNT(*) FROM ${table} WHERE ${column} IN (${n5}, ${n5}, ${n5}) GROUP BY ${column};",
    "INSERT INTO ${table} (${column}, ${column}) VALUES (${n8}, '${word}'), (${n8}, '${word}') ON CONFLICT DO NOTHING; -- ${n3} rows",
    // Kubernetes, Terraform, Redis, CI
    "shop  ${n2}m  Normal   Scheduled  pod/${pod}  Successfully assigned shop/${pod} to ${host}",
    "shop  ${n2}s  Warning  Unhealthy  pod/${pod}  Readiness probe failed: Get \"http://${ip}:8080/healthz\": context deadline exceeded",
    "\u{1b}[0m\u{1b}[1mmodule.${word}.${word}[\"${service}\"]: Still creating... [${n2}s elapsed]\u{1b}[0m\u{1b}[0m",
    "${n5}:M ${day} Nov 2026 ${hms}.${ms} * ${n4} changes in 60 seconds. Saving...",
    "${utc} ##[group]Run ${word} build step ${n2} of ${n2}",
];
