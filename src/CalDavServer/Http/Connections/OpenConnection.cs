using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace CalDavServer.Http.Connections;

/// <summary>One connection, and what it is worth: in the features of its requests.</summary>
internal sealed class OpenConnection
{
    private ConnectionContext? _context;
    private long _since = Environment.TickCount64;
    private int _requests;
    private bool _hasAsked;
    private bool _isProven;

    /// <summary>One that has just come.</summary>
    /// <param name="socket">Its socket.</param>
    /// <param name="place">Where it comes from (<see cref="Origin.Place"/>); null for a proxy, which many come through.</param>
    public OpenConnection(Socket socket, string? place)
    {
        (Socket, Place) = (socket, place);
        Age = new LinkedListNode<OpenConnection>(this);
    }

    /// <summary>Its socket.</summary>
    public Socket Socket { get; }

    /// <summary>Where it comes from; null for a proxy.</summary>
    public string? Place { get; }

    /// <summary>The lower, the sooner it is closed for another: what never sent a request is worth least, then what has none under way, then who has not signed in. Null: it is not closed for others.</summary>
    public int? Worth => !_hasAsked ? 0 : Volatile.Read(ref _requests) == 0 ? 1 : _isProven ? null : 2;

    /// <summary>Where it stands among those that never sent a request (<see cref="ConnectionTable"/>).</summary>
    public LinkedListNode<OpenConnection> Age { get; }

    /// <summary>Whether it ever sent a request.</summary>
    public bool HasAsked => _hasAsked;

    /// <summary>Whether the web server does not have it yet, as nothing has come.</summary>
    public bool IsSilent => _context is null;

    /// <summary>Since when it has been so, in milliseconds of the process.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>The web server has it from now on.</summary>
    public void HandOver(ConnectionContext context)
    {
        _context = context;
        context.Features.Set(this);
    }

    /// <summary>A request begins.</summary>
    public void Begin()
    {
        _hasAsked = true;
        Interlocked.Increment(ref _requests);
    }

    /// <summary>A request has ended.</summary>
    public void End()
    {
        Volatile.Write(ref _since, Environment.TickCount64);
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Somebody signed in on it.</summary>
    public void Prove() => _isProven = true;

    /// <summary>Closes it at once.</summary>
    public void Close()
    {
        if (_context is { } context) context.Abort(new ConnectionAbortedException("There are too many connections."));
        else Socket.Dispose();
    }
}
