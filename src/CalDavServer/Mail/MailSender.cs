using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using CalDavServer.Http;
using CalDavServer.Options;
using NodaTime;

namespace CalDavServer.Mail;

/// <summary>
/// Sends e-mails in the background, a few at a time; one that the mail server cannot take now is tried again. E-mails are in memory: those that still wait when the server stops are lost, and whoever waits for one asks again; what
/// must not be lost is kept by whoever sends it (<see cref="TryAsync(Email)"/>). Off when there are no settings.
/// </summary>
internal sealed partial class MailSender(MailSettings? settings, IClock clock, ILogger<MailSender> logger) : IHostedService, IDisposable
{
    /// <summary>How long the server's end waits for what is being handed over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly MailRoom _ordinary = new(1000, connections: 2);
    private readonly MailRoom _urgent = new(200, connections: 1);

    // an account and a mailbox are told of each change, but nobody can have a mailbox filled, or send e-mails without end
    private readonly AttemptLimit _recipients = new(clock, 10, Duration.FromMinutes(5));
    private readonly AttemptLimit _warned = new(clock, 20, Duration.FromMinutes(5));
    private readonly AttemptLimit _chosen = new(clock, 3, Duration.FromMinutes(30));
    private readonly AttemptLimit _received = new(clock, 10, Duration.FromMinutes(5));
    private readonly AttemptLimit _senders = new(clock, 30, Duration.FromMinutes(2));

    /// <summary>Whether there is a mail server. When there is none pages say so.</summary>
    public bool IsConfigured => settings is not null;

    /// <summary>
    /// Sends an e-mail soon. False when it cannot: there is no mail server, the address is none, too many are under way, or were sent to the same recipient or for the same person. Urgent e-mails are limited by
    /// whoever sends them.
    /// </summary>
    /// <param name="email">The e-mail.</param>
    /// <param name="personId">For whom it is sent to an address that they chose; null when the server sends it by itself.</param>
    public bool Send(Email email, string? personId = null)
    {
        if (settings is null || !Email.IsAddress(email.To) || _closing.IsCancellationRequested) return false;
        var recipient = email.To.ToLowerInvariant();
        if (personId is not null && (_chosen.Begin($"{personId} {recipient}") > 0 || _senders.Begin(personId) > 0)) return false;
        // that others sent e-mails there is not told to who chose the address: they would learn that somebody uses it
        if (personId is not null && _received.Begin(recipient) > 0)
        {
            LogTooMany(logger);
            return true;
        }

        if (personId is null && !email.IsUrgent && (email.IsWarning ? _warned : _recipients).Begin(recipient) > 0) return false;
        var room = RoomOf(email);
        if (!room.TryEnter())
        {
            LogFull(logger);
            return false;
        }

        _ = Task.Run(() => DeliverAsync(settings, email, room));
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no more, and gives what is being handed over a moment: that a password was changed is said once only. What waits for another try is not waited for.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _closing.CancelAsync();
        for (var since = Stopwatch.StartNew(); since.Elapsed < Patience && !cancellationToken.IsCancellationRequested && !(_ordinary.IsEmpty && _urgent.IsEmpty);) await Task.Delay(20, CancellationToken.None);
        await _stop.CancelAsync();
    }

    // more than once: it is a service of its own and a hosted one
    public void Dispose()
    {
        _closing.Dispose();
        _stop.Dispose();
        _ordinary.Dispose();
        _urgent.Dispose();
    }

    /// <summary>Hands an e-mail to the mail server, once: whoever asks tries again.</summary>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<MailOutcome> TryAsync(Email email)
    {
        if (settings is null) return MailOutcome.NotNow;
        return Email.IsAddress(email.To) ? await TryAsync(settings, email) : MailOutcome.Refused;
    }

    private async Task DeliverAsync(MailSettings to, Email email, MailRoom room)
    {
        try
        {
            var outcome = await TryAsync(to, email);
            foreach (var pause in to.Pauses)
            {
                if (outcome != MailOutcome.NotNow) break;
                await Task.Delay(pause, _closing.Token);
                outcome = await TryAsync(to, email);
            }

            if (outcome != MailOutcome.Taken) LogGivenUp(logger);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // the server stops
        }
        finally
        {
            room.Leave();
        }
    }

    private MailRoom RoomOf(Email email) => email.IsUrgent ? _urgent : _ordinary;

    private async Task<MailOutcome> TryAsync(MailSettings to, Email email)
    {
        var connections = RoomOf(email).Connections;
        await connections.WaitAsync(_stop.Token);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(to.Limit);
            await MailDelivery.SendAsync(to, email.To, email.Compose(to.From, clock.GetCurrentInstant()), limit.Token);
            return MailOutcome.Taken;
        }
        catch (RefusedEmailException refused)
        {
            LogRefused(logger, refused.Message);
            return refused.IsFinal ? MailOutcome.Refused : MailOutcome.NotNow;
        }
        catch (Exception failure) when (IsOfNetwork(failure))
        {
            LogUnreachable(logger, failure.GetType().Name);
            return MailOutcome.NotNow;
        }
        finally
        {
            connections.Release();
        }
    }

    private bool IsOfNetwork(Exception failure) =>
        failure is IOException or SocketException or AuthenticationException || (failure is OperationCanceledException && !_stop.IsCancellationRequested);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not accept an e-mail: {Step}")]
    private static partial void LogRefused(ILogger logger, string step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server cannot be reached: {Cause}")]
    private static partial void LogUnreachable(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "An e-mail was given up")]
    private static partial void LogGivenUp(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Several people have e-mails sent to one address: one was not sent")]
    private static partial void LogTooMany(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Too many e-mails are under way: one was not sent")]
    private static partial void LogFull(ILogger logger);
}

/// <summary>What came of handing an e-mail to the mail server.</summary>
internal enum MailOutcome
{
    /// <summary>It has it.</summary>
    Taken,

    /// <summary>It never will take it, or not for this recipient.</summary>
    Refused,

    /// <summary>It cannot be reached, does not take anything from us as settings are, or may take it later.</summary>
    NotNow,
}
