# Samples "operation size threads peer per-second" to a table on stdout and a JSON file.

function median(key,    list, n, i, j, x) {
    n = split(samples[key], list, " ")
    for (i = 2; i <= n; i++) {
        x = list[i] + 0
        for (j = i - 1; j >= 1 && list[j] + 0 > x; j--) list[j + 1] = list[j]
        list[j + 1] = x
    }
    return n % 2 ? list[(n + 1) / 2] + 0 : (list[n / 2] + list[n / 2 + 1]) / 2
}

function short(rate) {
    if (rate >= 1e6) return sprintf("%.2f M/s", rate / 1e6)
    if (rate >= 1e4) return sprintf("%.1f k/s", rate / 1e3)
    if (rate >= 1e3) return sprintf("%.2f k/s", rate / 1e3)
    return sprintf("%.0f /s", rate)
}

function cell(rate, size, bytes) {
    if (rate == "") return "not offered"
    return bytes ? sprintf("%s %5.0f MB/s", short(rate), rate * size / 1e6) : short(rate)
}

function size_text(size) {
    return size == 0 ? "" : size < 1024 ? size " B" : size / 1024 " KiB"
}

function order(row,    part) {
    split(row, part, " ")
    return part[3] * 1e9 + index("handshake session seal unseal sign verify", part[1]) * 1e6 + part[2]
}

function head(text) { print text; gsub(/./, "-", text); print text }

{
    row = $1 " " $2 " " $3
    if (!(row in seen)) { seen[row] = 1; rows[++count] = row }
    samples[row " " $4] = samples[row " " $4] " " $5
}

END {
    peers = split(names, peer, " ")
    for (i = 2; i <= count; i++) {
        x = rows[i]
        for (j = i - 1; j >= 1 && order(rows[j]) > order(x); j--) rows[j + 1] = rows[j]
        rows[j + 1] = x
    }
    line = sprintf("%-10s %7s %8s", "operation", "size", "threads")
    for (p = 1; p <= peers; p++) line = line sprintf(" %20s", peer[p])
    head(line "   ours / best peer")

    printf "{\n  \"date\": \"%s\",\n  \"cpu\": \"%s\",\n  \"cores\": %d,\n", date, cpu, cores >json
    printf "  \"rounds\": %d,\n  \"milliseconds\": %d,\n  \"rows\": [", rounds, ms >json
    for (i = 1; i <= count; i++) {
        split(rows[i], part, " ")
        line = sprintf("%-10s %7s %8d", part[1], size_text(part[2]), part[3])
        printf "%s\n    {\"operation\": \"%s\", \"size\": %d, \"threads\": %d, \"results\": {",
            (i > 1 ? "," : ""), part[1], part[2], part[3] >json
        best = 0; best_name = ""; ours = ""; alone = ""; sep = ""
        for (p = 1; p <= peers; p++) {
            key = rows[i] " " peer[p]
            rate = (key in samples) ? median(key) : ""
            line = line sprintf(" %20s", cell(rate, part[2], part[2] && part[1] != "session"))
            if (rate == "") continue
            list = samples[key]; sub(/^ /, "", list); gsub(/ /, ", ", list)
            printf "%s\n      \"%s\": {\"per_second\": %.1f, \"mb_per_second\": %.2f, \"samples\": [%s]}",
                sep, peer[p], rate, rate * part[2] / 1e6, list >json
            sep = ","
            if (peer[p] == "ours") ours = rate
            else if (peer[p] == "alone") alone = rate
            else if (rate > best) { best = rate; best_name = peer[p] }
        }
        printf "\n    }" >json
        if (ours != "" && best) {
            line = line sprintf("   %6.2f  (%s)", ours / best, best_name)
            printf ", \"best_peer\": \"%s\", \"ratio\": %.3f", best_name, ours / best >json
        }
        if (ours != "" && alone != "") {
            line = line sprintf("   %6.2f of alone", ours / alone)
            printf ", \"of_alone\": %.3f", ours / alone >json
        }
        printf "}" >json
        if (i > 1 && part[3] != last) print ""
        last = part[3]
        print line
    }
    printf "\n  ]\n}\n" >json
}
