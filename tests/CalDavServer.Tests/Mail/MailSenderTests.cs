using System.Net.Sockets;
using CalDavServer.Hosting;
using CalDavServer.Mail;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Mail;

/// <summary>E-mails, over a socket to a mail server of the test's own.</summary>
public sealed class MailSenderTests
{
    private const string Address = "maya@riverbend.example";

    [Fact]
    public async Task An_email_arrives_as_plain_text_with_every_character()
    {
        await using var mail = new MailStandIn();
        using var sender = Sender(mail.Settings, out _);
        var text = $".\nGrüße, 你好 🙂\n.dots\n{new string('x', 3000)}\n";
        Assert.True(sender.Send(new Email(Address, "Einladung für Maya: bitte bald öffnen, damit nichts verloren geht 🙂", text)));

        var email = await mail.NextAsync();

        Assert.Equal((Address, "calendar@riverbend.example"), (email.To, email.From));
        Assert.Equal(text.ReplaceLineEndings("\r\n"), email.Text);
        Assert.Contains("Content-Type: text/plain; charset=utf-8", email.Head, StringComparison.Ordinal);
        Assert.All(email.Message.Split('\n'), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii), line));
        Assert.Equal("Einladung für Maya: bitte bald öffnen, damit nichts verloren geht 🙂", email.Subject);
    }

    [Fact]
    public async Task With_STARTTLS_nothing_but_the_greeting_is_said_in_the_clear()
    {
        await using var mail = new MailStandIn();
        using var sender = Sender(mail.Settings with { Encryption = MailEncryption.StartTls, User = "calendar", Password = "secret" }, out _);
        sender.Send(new Email(Address, "Hello", "Hello"));

        Assert.True((await mail.NextAsync()).Encrypted);
        var secret = Convert.ToBase64String("\0calendar\0secret"u8);
        Assert.Equal(["EHLO calendarsync", "STARTTLS", "EHLO calendarsync", $"AUTH PLAIN {secret}"], mail.Heard.Take(4));
    }

    [Theory]
    [InlineData(false, "localhost")]
    [InlineData(true, "elsewhere.example")]
    public async Task A_mail_server_that_cannot_encrypt_or_is_another_is_given_nothing(bool offersTls, string certificateFor)
    {
        await using var mail = new MailStandIn(offersTls, certificateFor);
        using var sender = Sender(mail.Settings with { Encryption = MailEncryption.StartTls, User = "calendar", Password = "secret" }, out var log);
        sender.Send(new Email(Address, "Hello", "Hello"));

        await WaitAsync(() => log.Lines.Any(line => line.Contains("given up", StringComparison.Ordinal)));
        Assert.Equal(0, mail.Emails);
        Assert.DoesNotContain(mail.Heard, line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_email_that_cannot_be_taken_now_is_tried_again()
    {
        await using var mail = new MailStandIn();
        mail.Refuse(451);
        mail.Refuse(421);
        using var sender = Sender(mail.Settings, out _);
        sender.Send(new Email(Address, "Hello", "Hello"));
        Assert.Equal("Hello", (await mail.NextAsync()).Text);
    }

    [Fact]
    public async Task A_refused_email_is_given_up_at_once_and_the_log_has_neither_address_nor_content()
    {
        await using var mail = new MailStandIn();
        mail.Refuse(550);
        using var sender = Sender(mail.Settings, out var log);
        sender.Send(new Email(Address, "A subject", "Some text"));

        await WaitAsync(() => log.Lines.Any(line => line.Contains("given up", StringComparison.Ordinal)));
        Assert.Single(mail.Heard, line => line.StartsWith("RCPT", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("RCPT was answered with 550", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("maya", StringComparison.Ordinal) || line.Contains("subject", StringComparison.Ordinal) || line.Contains("text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_email_that_was_taken_has_gone_even_when_the_connection_breaks_then()
    {
        await using var mail = new BrokenMailServer();
        using var sender = Sender(mail.Settings, out _);
        // the break is sometimes later than the goodbye
        for (var n = 0; n < 20; n++) Assert.Equal(MailOutcome.Taken, await sender.TryAsync(new Email(Address, "Hello", "Hello")));
        Assert.Equal(20, mail.Emails);
    }

    [Theory]
    [InlineData("RCPT", 550, MailOutcome.Refused)]
    [InlineData("RCPT", 554, MailOutcome.Refused)]
    [InlineData("RCPT", 501, MailOutcome.Refused)]
    [InlineData("RCPT", 450, MailOutcome.NotNow)]
    [InlineData("RCPT", 452, MailOutcome.NotNow)]
    [InlineData("RCPT", 530, MailOutcome.NotNow)]
    [InlineData("DATA", 554, MailOutcome.Refused)]
    [InlineData("DATA", 552, MailOutcome.Refused)]
    [InlineData("DATA", 451, MailOutcome.NotNow)]
    [InlineData("MAIL", 550, MailOutcome.NotNow)]
    [InlineData("MAIL", 553, MailOutcome.NotNow)]
    [InlineData("AUTH", 535, MailOutcome.NotNow)]
    [InlineData("AUTH", 454, MailOutcome.NotNow)]
    internal async Task Only_a_refusal_of_the_recipient_or_of_the_email_is_final(string step, int code, MailOutcome outcome)
    {
        await using var mail = new MailStandIn();
        using var sender = Sender(mail.Settings with { Encryption = MailEncryption.StartTls, User = "calendar", Password = "secret" }, out var log);
        mail.Refuse(code, step);

        Assert.Equal(outcome, await sender.TryAsync(new Email(Address, "A subject", "Some text")));

        Assert.DoesNotContain(log.Lines, line => line.Contains("maya", StringComparison.Ordinal) || line.Contains("secret", StringComparison.Ordinal));
        var said = step switch { "AUTH" => "AUTH failed", "DATA" => $"the e-mail was answered with {code}", _ => $"{step} was answered with {code}" };
        Assert.Contains(log.Lines, line => line.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", null, "250 yes")]
    [InlineData("HTTP/1.1 400 Bad Request", null, "250 yes")]
    [InlineData("554 go away", null, "250 yes")]
    [InlineData("220 here", "EHLO", "550 maya@riverbend.example")]
    [InlineData("220 here", "EHLO", "maya@riverbend.example")]
    [InlineData("220 here", "MAIL", "\0\0\0")]
    [InlineData("220 here", "RCPT", "25x maya@riverbend.example")]
    [InlineData("220 here", "RCPT", "")]
    public async Task A_mail_server_that_talks_nonsense_is_tried_later_and_not_quoted(string greeting, string? step, string answer)
    {
        await using var mail = new BrokenMailServer(greeting, line => step is not null && (line.StartsWith(step, StringComparison.Ordinal) || line.StartsWith("HELO", StringComparison.Ordinal)) ? answer : null);
        using var sender = Sender(mail.Settings with { Limit = TimeSpan.FromSeconds(2) }, out var log);

        Assert.Equal(MailOutcome.NotNow, await sender.TryAsync(new Email(Address, "Hello", "Hello")));

        Assert.Equal(0, mail.Emails);
        Assert.DoesNotContain(log.Lines, line => line.Contains("maya", StringComparison.Ordinal) || line.Contains("HTTP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", MailOutcome.Taken)]
    [InlineData("elsewhere.example", MailOutcome.NotNow)]
    internal async Task The_authority_in_the_settings_signs_for_the_name_in_the_settings_alone(string certificateFor, MailOutcome outcome)
    {
        await using var mail = new MailStandIn(certificateFor: certificateFor);
        await using var other = new MailStandIn();
        var settings = mail.Settings with { Encryption = MailEncryption.StartTls };
        using var sender = Sender(settings, out _);
        Assert.Equal(outcome, await sender.TryAsync(new Email(Address, "Hello", "Hello")));
        using var unknown = Sender(settings with { Authority = null }, out _);
        Assert.Equal(MailOutcome.NotNow, await unknown.TryAsync(new Email(Address, "Hello", "Hello")));
        using var wrong = Sender(settings with { Authority = other.Settings.Authority }, out _);
        Assert.Equal(MailOutcome.NotNow, await wrong.TryAsync(new Email(Address, "Hello", "Hello")));
        Assert.Equal(outcome == MailOutcome.Taken ? 1 : 0, mail.Emails);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_said_in_the_log_and_fails_nobody()
    {
        var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Dispose();
        var settings = new MailSettings("127.0.0.1", port, "calendar@riverbend.example") { Encryption = MailEncryption.None, Pauses = [TimeSpan.FromMilliseconds(1)] };
        using var sender = Sender(settings, out var log);
        Assert.True(sender.Send(new Email(Address, "Hello", "Hello")));
        await WaitAsync(() => log.Lines.Any(line => line.Contains("given up", StringComparison.Ordinal)));
        Assert.Equal(2, log.Lines.Count(line => line.Contains("cannot be reached", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("maya@riverbend.example\r\nRCPT TO:<other@elsewhere.example>")]
    [InlineData("maya@riverbend.example> SIZE=1")]
    [InlineData("Maya <maya@riverbend.example>")]
    [InlineData("a@b.example,c@d.example")]
    [InlineData("maya")]
    [InlineData("")]
    public void What_is_no_address_gets_no_email(string address)
    {
        using var sender = Sender(new MailSettings("127.0.0.1", 1, "calendar@riverbend.example"), out _);
        Assert.False(sender.Send(new Email(address, "Hello", "Hello")));
    }

    [Fact]
    public void Nobody_fills_a_mailbox_or_sends_emails_without_end()
    {
        using var sender = Sender(new MailSettings("127.0.0.1", 1, "calendar@riverbend.example"), out _);
        var toOne = Enumerable.Range(0, 60).Count(n => sender.Send(new Email(n % 2 == 0 ? Address : Address.ToUpperInvariant(), "Hello", "Hello")));
        Assert.Equal(10, toOne);
        var byOne = Enumerable.Range(0, 60).Count(n => sender.Send(new Email($"victim{n}@elsewhere.example", "Hello", "Hello"), "maya"));
        Assert.Equal(30, byOne);
        Assert.True(sender.Send(new Email("other@riverbend.example", "Hello", "Hello"), "tom"));
        Assert.True(sender.Send(new Email(Address, "Hello", "Hello") { IsUrgent = true }));
    }

    [Fact]
    public async Task Emails_of_who_wants_to_get_in_do_not_wait_for_others()
    {
        // takes connections and says nothing
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var settings = new MailSettings("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port, "calendar@riverbend.example") { Encryption = MailEncryption.None };
        using var sender = Sender(settings, out _);
        var sent = Enumerable.Range(0, 1500).Count(n => sender.Send(new Email($"reader{n}@elsewhere.example", "Hello", "Hello")));
        Assert.Equal(1000, sent);
        using var first = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var second = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        Assert.True(sender.Send(new Email(Address, "Reset", "Reset") { IsUrgent = true }));
        using var urgent = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await sender.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_being_handed_over_is_when_the_server_stops_and_nothing_is_taken_then()
    {
        await using var mail = new MailStandIn();
        using var sender = Sender(mail.Settings, out _);
        Assert.True(sender.Send(new Email(Address, "Changed", "Your password was changed") { IsUrgent = true }));
        Assert.True(sender.Send(new Email(Address, "Hello", "Hello")));
        await sender.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, mail.Emails);
        Assert.False(sender.Send(new Email(Address, "Later", "Later")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mail_server_that_says_nothing_or_not_now_does_not_hold_up_the_end(bool isSilent)
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var mail = new MailStandIn();
        mail.Refuse(451);
        var settings = isSilent
            ? new MailSettings("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port, "calendar@riverbend.example") { Encryption = MailEncryption.None }
            : mail.Settings with { Pauses = [TimeSpan.FromHours(1)] };
        using var sender = Sender(settings, out _);
        Assert.True(sender.Send(new Email(Address, "Hello", "Hello")));
        await sender.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(0, mail.Emails);
    }

    [Fact]
    public void Without_a_mail_server_nothing_is_sent()
    {
        using var sender = Sender(null, out _);
        Assert.False(sender.IsConfigured);
        Assert.False(sender.Send(new Email(Address, "Hello", "Hello")));
    }

    [Theory]
    [InlineData("smtphost=mail.example", "publicaddress")]
    [InlineData("smtphost=mail.example;smtpfrom=nobody", "smtpfrom")]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtptls=sometimes", "smtptls")]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtptls=none;smtpuser=a;smtppassword=b", "smtptls")]
    [InlineData("smtphost=192.0.2.7;smtpfrom=a@b.example;smtptls=none;smtpuser=a", "smtptls")]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtpport=0", "smtpport")]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtpca=/nowhere.pem", "smtpca")]
    public void A_wrong_setting_is_named(string settings, string named)
    {
        var address = named == "publicaddress" ? null : new Uri("https://calendar.example/");
        Assert.Contains(named, Assert.Throws<CommandFailure>(() => MailOptions.Read(Configuration(settings), address)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example", 587, MailEncryption.StartTls)]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtptls=tls", 465, MailEncryption.Tls)]
    [InlineData("smtphost=mail.example;smtpfrom=a@b.example;smtptls=none;smtpport=2525", 2525, MailEncryption.None)]
    [InlineData("smtphost=127.0.0.1;smtpfrom=a@b.example;smtptls=none;smtpuser=a;smtppassword=b", 25, MailEncryption.None)]
    [InlineData("smtphost=localhost;smtpfrom=a@b.example;smtptls=none;smtpuser=a", 25, MailEncryption.None)]
    internal void The_port_is_that_of_the_encryption_unless_it_is_named(string settings, int port, MailEncryption encryption)
    {
        var mail = MailOptions.Read(Configuration(settings), new Uri("https://calendar.example/"))!;
        Assert.Equal((port, encryption), (mail.Port, mail.Encryption));
    }

    private static IConfigurationRoot Configuration(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';').Select(setting => KeyValuePair.Create(setting.Split('=')[0], (string?)setting.Split('=')[1])))
        .Build();

    private static MailSender Sender(MailSettings? settings, out KeptLog log)
    {
        var kept = log = new KeptLog();
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(kept));
        return new MailSender(settings, SystemClock.Instance, loggers.CreateLogger<MailSender>());
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var waited = 0; !condition(); waited++)
        {
            Assert.True(waited < 1500, "it did not come to that");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
