using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace CalDavServer.Tests.Speed;

/// <summary>One kept connection that sends prepared bytes and reads answers into one buffer: it allocates nothing, so that what is allocated meanwhile is the server's.</summary>
internal sealed class OneConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly byte[] _answer = new byte[4 << 20];
    private int _length;

    public OneConnection(Uri address) => _socket.Connect(IPAddress.Loopback, address.Port);

    public int Status { get; private set; }

    public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _length);

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a request and waits for the whole answer.</summary>
    public void Ask(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0) request = request[_socket.Send(request)..];
        _length = 0;
        int head;
        while ((head = Answer.IndexOf("\r\n\r\n"u8)) < 0) Receive();
        head += 4;
        Status = ((_answer[9] - '0') * 100) + ((_answer[10] - '0') * 10) + _answer[11] - '0';
        var length = Header("\r\nContent-Length: "u8);
        if (length.Length > 0)
        {
            var body = int.Parse(length, CultureInfo.InvariantCulture);
            while (_length < head + body) Receive();
        }
        else if (Header("\r\nTransfer-Encoding: "u8).Length > 0)
        {
            while (!Answer[head..].EndsWith("0\r\n\r\n"u8)) Receive();
        }
    }

    /// <summary>The value of a header; the name with the line break before it and the colon after. Empty when there is none.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var head = Answer[..(Answer.IndexOf("\r\n\r\n"u8) + 2)];
        var at = head.IndexOf(name);
        if (at < 0) return default;
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf("\r\n"u8)];
    }

    private void Receive()
    {
        var received = _socket.Receive(_answer.AsSpan(_length));
        Assert.True(received > 0, "The server closed the connection: " + Encoding.UTF8.GetString(Answer));
        _length += received;
    }
}
