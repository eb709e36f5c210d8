using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CalDavServer.Commands;

/// <summary>What goes over the command channel, each a line of JSON. From the operator: an order, then answers. To the operator: progress and questions, then what was printed and the exit code.</summary>
internal sealed record CommandMessage
{
    public string? Directory { get; init; }

    public string[]? Args { get; init; }

    public string? Work { get; init; }

    public double Done { get; init; }

    public string? Question { get; init; }

    public bool? Answer { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public int? Code { get; init; }
}

/// <summary>One end of a connection of the command channel.</summary>
internal sealed class CommandLink(Socket socket) : IDisposable
{
    private readonly StreamReader _reader = new(new NetworkStream(socket, ownsSocket: true));
    private readonly Lock _gate = new();

    public async Task<CommandMessage?> ReceiveAsync(CancellationToken cancelled) =>
        await _reader.ReadLineAsync(cancelled) is { } line ? JsonSerializer.Deserialize<CommandMessage>(line) : null;

    public void Send(CommandMessage message)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message) + "\n");
        lock (_gate) _reader.BaseStream.Write(line);
    }

    public void Dispose() => _reader.Dispose();
}
