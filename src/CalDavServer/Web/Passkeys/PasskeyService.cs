using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text.Json;
using CalDavServer.Web.SignIn;
using Fido2NetLib;
using Fido2NetLib.Objects;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.Passkeys;

/// <summary>
/// Has browsers make and use passkeys, and verifies what they send (WebAuthn Level 3 §7). Every passkey can be found without a login and is used with the person's finger, face or PIN: so it opens an account
/// without a password and a second step.
/// </summary>
internal sealed class PasskeyService(PasskeyBook book, IClock clock, RelyingParty party, PasskeyChallenges challenges)
{
    private const string TooOld = "That took too long, or was begun in another window. Try again.";
    private const string NotTaken = "This passkey was not accepted. Try again, or sign in another way.";
    private const string Unknown = "This passkey is no longer known here. Sign in another way, and remove it from your device or password manager.";

    /// <summary>Whether browsers take passkeys at the address that was asked for.</summary>
    public bool WorksAt(HttpRequest request) => party.Find(request) is not null;

    /// <summary>What a browser needs to use a passkey, as JSON; null where none is taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="purpose">For what.</param>
    /// <param name="boundTo">The session, or the person of whom one step is done; null before signing in.</param>
    /// <param name="passkeys">Which; null before the person is known.</param>
    public string? BeginUse(HttpContext context, PasskeyPurpose purpose, string? boundTo, IReadOnlyList<Passkey>? passkeys)
    {
        var options = party.Find(context.Request)?.GetAssertionOptions(new GetAssertionOptionsParams
        {
            AllowedCredentials = [.. (passkeys ?? []).Select(Describe)],
            UserVerification = UserVerificationRequirement.Required,
        }).ToJson();
        if (options is not null) challenges.Give(context, purpose, boundTo, options);
        return options;
    }

    /// <summary>What a browser needs to make a passkey for somebody who is signed in, as JSON; null where none is taken.</summary>
    public string? BeginNew(HttpContext context, Person me, IReadOnlyList<Passkey> passkeys)
    {
        var options = party.Find(context.Request)?.RequestNewCredential(new RequestNewCredentialParams
        {
            User = new Fido2User { Id = PasskeyBook.HandleOf(me.Principal.Id), Name = me.Principal.Login, DisplayName = me.Principal.DisplayName },
            ExcludeCredentials = [.. passkeys.Select(Describe)],
            AuthenticatorSelection = new AuthenticatorSelection { ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Required },
            AttestationPreference = AttestationConveyancePreference.None,
        }).ToJson();
        if (options is not null) challenges.Give(context, PasskeyPurpose.New, me.SessionId, options);
        return options;
    }

    /// <summary>Verifies a passkey that a browser has used. What the account becomes by that says <see cref="PasskeyProof.Take"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="purpose">For what.</param>
    /// <param name="boundTo">As when it began.</param>
    /// <param name="personId">Whose passkey it must be; null before the person is known.</param>
    /// <param name="sent">What the browser sent.</param>
    public async Task<PasskeyProof> VerifyUseAsync(HttpContext context, PasskeyPurpose purpose, string? boundTo, string? personId, string? sent)
    {
        if (challenges.Take(context, purpose, boundTo) is not { } given || party.Find(context.Request) is not { } fido) return PasskeyProof.Refused(TooOld);
        if (Read<AuthenticatorAssertionRawResponse>(sent) is not { RawId: not null, Response: not null } used) return PasskeyProof.Refused(NotTaken);
        if (await book.FindAsync(personId, used.Response.UserHandle, Base64Url.EncodeToString(used.RawId), context.RequestAborted) is not var (owner, passkey)) return PasskeyProof.Refused(Unknown);
        try
        {
            var result = await fido.MakeAssertionAsync(
                new MakeAssertionParams
                {
                    AssertionResponse = used,
                    OriginalOptions = AssertionOptions.FromJson(given),
                    StoredPublicKey = Base64Url.DecodeFromChars(passkey.PublicKey),
                    StoredSignatureCounter = passkey.Counter,
                    IsUserHandleOwnerOfCredentialIdCallback = (ownership, _) => Task.FromResult(ownership.UserHandle.AsSpan().SequenceEqual(PasskeyBook.HandleOf(owner))),
                },
                context.RequestAborted);
            return new PasskeyProof(owner, passkey, result.SignCount, null);
        }
        catch (Exception failure) when (IsOfSender(failure))
        {
            return PasskeyProof.Refused(NotTaken);
        }
    }

    /// <summary>Verifies a passkey that a browser has made; null when it cannot be taken.</summary>
    public async Task<Passkey?> VerifyNewAsync(HttpContext context, Person me, string name, string? sent)
    {
        if (challenges.Take(context, PasskeyPurpose.New, me.SessionId) is not { } given || party.Find(context.Request) is not { } fido) return null;
        if (Read<AuthenticatorAttestationRawResponse>(sent) is not { Response.AttestationObject: not null } made) return null;
        try
        {
            if (HasCertificates(made.Response.AttestationObject)) return null;
            var credential = await fido.MakeNewCredentialAsync(
                new MakeNewCredentialParams
                {
                    AttestationResponse = made,
                    OriginalOptions = CredentialCreateOptions.FromJson(given),
                    // another account's would do no harm: a passkey is looked for in the account that it names
                    IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
                },
                context.RequestAborted);
            return new Passkey(Base64Url.EncodeToString(credential.Id), Base64Url.EncodeToString(credential.PublicKey), name, clock.GetCurrentInstant(), credential.SignCount);
        }
        catch (Exception failure) when (IsOfSender(failure))
        {
            return null;
        }
    }

    private static PublicKeyCredentialDescriptor Describe(Passkey passkey) => new(Base64Url.DecodeFromChars(passkey.Id));

    // Of which make a device is, is not asked. A statement about it with certificates would only have the server look at lists that its sender names.
    private static bool HasCertificates(byte[] attestation)
    {
        var reader = new CborReader(attestation);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var key = reader.ReadTextString();
            if (key == "fmt" && reader.PeekState() == CborReaderState.TextString && reader.ReadTextString() is not ("none" or "packed")) return true;
            if (key == "attStmt")
            {
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    if (reader.ReadTextString() is not ("alg" or "sig")) return true;
                    reader.SkipValue();
                }

                reader.ReadEndMap();
            }
            else if (key != "fmt")
            {
                reader.SkipValue();
            }
        }

        return false;
    }

    private static T? Read<T>(string? sent)
        where T : class
    {
        try
        {
            return string.IsNullOrEmpty(sent) ? null : JsonSerializer.Deserialize<T>(sent);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    // whatever a sender can make up: it is at fault, and told so
    private static bool IsOfSender(Exception failure) => failure is Fido2VerificationException or CborContentException or CryptographicException or FormatException or ArgumentException or InvalidOperationException or IndexOutOfRangeException or JsonException or NotSupportedException or OverflowException;
}
